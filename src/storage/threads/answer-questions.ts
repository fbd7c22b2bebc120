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
      return { request, error: error instanceof Error ? error : new TypeError(String(error)) };
    }
  };
  parentPort?.on('message', (request: ThreadRequest<never>) => {
    parentPort?.postMessage(replyTo(request));
  });
}
