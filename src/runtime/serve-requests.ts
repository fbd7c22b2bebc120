import { parentPort } from 'node:worker_threads';
import type { WorkerReply, WorkerRequest } from './worker-messages.js';

/**
 * Serves a `WorkerClient` from the module that its thread runs.
 *
 * @param handle gets payloads of the client's type. Calls run concurrently where it is asynchronous.
 */
export function serveRequests(handle: (payload: never) => unknown): void {
  const replyTo = async ({ id, payload }: WorkerRequest<never>): Promise<WorkerReply<unknown>> => {
    try {
      return { id, result: await handle(payload) };
    } catch (error) {
      const failure = error instanceof Error ? error : new TypeError(String(error));
      return { id, error: failure, code: codeOf(failure) };
    }
  };
  parentPort?.on('message', (request: WorkerRequest<never>) => {
    void replyTo(request).then((reply) => parentPort?.postMessage(reply));
  });
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
