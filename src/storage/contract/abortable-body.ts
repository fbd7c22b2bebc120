import type { Readable } from 'node:stream';
import { StorageError } from './storage-error.js';

/** Ends a body that a reader has got with `Aborted` when the signal fires. */
export function destroyOnAbort(body: Readable, signal: AbortSignal | undefined): void {
  if (signal === undefined) return;
  // A body that nobody reads from yet may fail without taking the process down: the first read tells.
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
