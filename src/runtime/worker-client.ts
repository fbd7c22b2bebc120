import { Worker } from 'node:worker_threads';
import type { WorkerReply, WorkerRequest } from './worker-messages.js';

interface PendingRequest<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** One thread that answers questions. It keeps the process alive as long as somebody waits for it. */
export class WorkerClient<Question, Answer> {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, PendingRequest<Answer>>();
  #requests = 0;
  #failure: Error | undefined;

  /** @param module calls `serveRequests`. */
  constructor(module: URL) {
    this.#worker = new Worker(module);
    this.#worker.on('message', (reply: WorkerReply<Answer>) => {
      this.#onReply(reply);
    });
    this.#worker.on('error', (error) => {
      this.#fail(error);
    });
    this.#worker.on('exit', (code) => {
      this.#fail(new TypeError(`the thread has ended with ${String(code)}`));
    });
    this.#worker.unref(); // last: to listen is to hold the process
  }

  /** Nothing can be asked of it any more. */
  get hasEnded(): boolean {
    return this.#failure !== undefined;
  }

  /** Questions are handed over in their order. An answer that takes its time may come after that of a later one. */
  request(question: Question): Promise<Answer> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const request = ++this.#requests;
    return new Promise((resolve, reject) => {
      if (this.#waiting.size === 0) this.#worker.ref();
      this.#waiting.set(request, { resolve, reject });
      this.#worker.postMessage({ request, question } satisfies WorkerRequest<Question>);
    });
  }

  #onReply(reply: WorkerReply<Answer>): void {
    const waiter = this.#waiting.get(reply.request);
    this.#waiting.delete(reply.request);
    if (this.#waiting.size === 0) this.#worker.unref();
    if (!('error' in reply)) waiter?.resolve(reply.answer);
    else waiter?.reject(Object.assign(reply.error, reply.code === undefined ? {} : { code: reply.code }));
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
