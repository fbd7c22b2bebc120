import { parentPort } from 'node:worker_threads';
import type { ThreadReply, ThreadRequest } from './thread-messages.js';

/**
 * The other side of a `Thread`, for the module that it runs.
 *
 * @param answer takes questions of the type that the thread is asked.
 */
export function answerQuestions(answer: (question: never) => unknown): void {
  const replyTo = ({ request, question }: ThreadRequest<never>): ThreadReply<unknown> => {
    try {
      return { request, answer: answer(question) };
    } catch (error) {
      const failure = error instanceof Error ? error : new TypeError(String(error));
      return { request, error: failure, code: codeOf(failure) };
    }
  };
  parentPort?.on('message', (request: ThreadRequest<never>) => {
    parentPort?.postMessage(replyTo(request));
  });
}

function codeOf(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
