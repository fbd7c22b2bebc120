import { Worker } from 'node:worker_threads';
import type { WorkerReply, WorkerRequest } from './worker-messages.js';

interface PendingRequest<Result> {
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
}

/** Sends requests to one thread. The process stays alive while a request is pending. */
export class WorkerClient<Payload, Result> {
  readonly #worker: Worker;
  readonly #pending = new Map<number, PendingRequest<Result>>();
  #lastId = 0;
  #failure: Error | undefined;

  /** @param module calls `serveRequests`. */
  constructor(module: URL) {
    this.#worker = new Worker(module);
    this.#worker.on('message', (reply: WorkerReply<Result>) => {
      this.#onReply(reply);
    });
    this.#worker.on('error', (error) => {
      this.#fail(error);
    });
    this.#worker.on('exit', (code) => {
      this.#fail(new TypeError(`the thread has ended with ${String(code)}`));
    });
    this.#worker.unref(); // last, because adding a listener refs the worker
  }

  /** Has the thread ended? Every further request rejects. */
  get hasEnded(): boolean {
    return this.#failure !== undefined;
  }

  /** Requests are sent in order; replies may arrive in another order. */
  request(payload: Payload): Promise<Result> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      if (this.#pending.size === 0) this.#worker.ref();
      this.#pending.set(id, { resolve, reject });
      this.#worker.postMessage({ id, payload } satisfies WorkerRequest<Payload>);
    });
  }

  #onReply(reply: WorkerReply<Result>): void {
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    if (this.#pending.size === 0) this.#worker.unref();
    if (!('error' in reply)) pending?.resolve(reply.result);
    else pending?.reject(Object.assign(reply.error, reply.code === undefined ? {} : { code: reply.code }));
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
  }
}
