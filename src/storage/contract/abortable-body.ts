import type { Readable } from 'node:stream';
import { StorageError } from './storage-error.js';

/** Destroys the body of a download with `Aborted` when the signal fires. */
export function destroyOnAbort(body: Readable, signal: AbortSignal | undefined): void {
  if (signal === undefined) return;
  // Without a listener, an error before the first read would crash the process. The first read reports it.
  body.on('error', () => undefined);
  const abort = (): void => {
    body.destroy(new StorageError('Aborted', 'The download was aborted.', { cause: signal.reason }));
  };
  if (signal.aborted) {
    abort();
    return;
  }
  signal.addEventListener('abort', abort, { once: true });
  body.once('close', () => {
    signal.removeEventListener('abort', abort);
  });
}
