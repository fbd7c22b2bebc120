import type { Readable, Writable } from 'node:stream';

/**
 * Pipes a body into a writer. If either fails or the signal fires, both are destroyed. Settles when the writer has closed.
 * `stream.pipeline` does the same, but creates two signals and an error for every successful body: a tenth of the time of a small
 * file.
 *
 * @throws the first failure.
 */
export function pipeBody(body: Readable, writer: Writable, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    let failure: Error | undefined;
    const fail = (error: Error): void => {
      failure ??= error;
      body.destroy(failure);
      writer.destroy(failure);
    };
    const onAbort = (): void => {
      fail(new Error('The body is not wanted any more.', { cause: signal?.reason }));
    };
    const failIfIncomplete = (): void => {
      if (!body.readableEnded) fail(body.errored ?? new Error('The body was closed before its end.'));
    };
    body.on('error', fail);
    body.once('close', failIfIncomplete);
    writer.on('error', fail);
    writer.once('close', () => {
      signal?.removeEventListener('abort', onAbort);
      if (failure === undefined) resolve();
      else reject(failure);
    });
    signal?.addEventListener('abort', onAbort);
    if (signal?.aborted === true) onAbort();
    else if (body.destroyed) failIfIncomplete();
    else body.pipe(writer);
  });
}
