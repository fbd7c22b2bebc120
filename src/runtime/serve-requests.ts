import { parentPort } from 'node:worker_threads';
import type { WorkerReply, WorkerRequest } from './worker-messages.js';

/**
 * The other side of a `Thread`, for the module that it runs.
 *
 * @param answer takes questions of the type that the thread is asked; it may take its time over one while others come.
 */
export function serveRequests(answer: (question: never) => unknown): void {
  const replyTo = async ({ request, question }: WorkerRequest<never>): Promise<WorkerReply<unknown>> => {
    try {
      return { request, answer: await answer(question) };
    } catch (error) {
      const failure = error instanceof Error ? error : new TypeError(String(error));
      return { request, error: failure, code: codeOf(failure) };
    }
  };
  parentPort?.on('message', (request: WorkerRequest<never>) => {
    void replyTo(request).then((reply) => parentPort?.postMessage(reply));
  });
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
