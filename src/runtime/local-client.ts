import type { WorkerClient } from './worker-client.js';

/** Answers requests, here or in a thread. */
export type RequestClient<Request, Answer> = Pick<WorkerClient<Request, Answer>, 'hasEnded' | 'request'>;

/** Answers requests where they are asked, as the thread of a `WorkerClient` would. */
export class LocalClient<Request, Answer> implements RequestClient<Request, Answer> {
  readonly hasEnded = false;
  readonly #answer: (request: Request) => Answer | Promise<Answer>;

  constructor(answer: (request: Request) => Answer | Promise<Answer>) {
    this.#answer = answer;
  }

  async request(request: Request): Promise<Answer> {
    return this.#answer(request);
  }
}
