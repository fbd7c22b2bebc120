import { Worker } from 'node:worker_threads';
import type { Checksums } from '../contract/checksums.js';
import type { ChecksumReply, ChecksumRequest } from './checksum-request.js';
import { CHECKSUM_WORKER_URL } from './checksum-worker-url.js';

interface Waiter {
  readonly resolve: (checksums: Checksums | undefined) => void;
  readonly reject: (error: Error) => void;
}

/** A request without its number. */
export type Question = ChecksumRequest extends infer Request
  ? Request extends ChecksumRequest
    ? Omit<Request, 'request'>
    : never
  : never;

/** One thread that takes checksums. It keeps the process alive as long as somebody waits for it. */
export class ChecksumThread {
  readonly #worker = new Worker(CHECKSUM_WORKER_URL);
  readonly #waiting = new Map<number, Waiter>();
  #requests = 0;
  #failure: Error | undefined;

  constructor() {
    this.#worker.on('message', (reply: ChecksumReply) => {
      this.#onReply(reply);
    });
    this.#worker.on('error', (error) => {
      this.#fail(error);
    });
    this.#worker.on('exit', (code) => {
      this.#fail(new TypeError(`the checksum thread has ended with ${String(code)}`));
    });
    this.#worker.unref(); // last: to listen is to hold the process
  }

  /** Nothing can be asked of it any more. */
  get isOver(): boolean {
    return this.#failure !== undefined;
  }

  /** Resolves when the request is done; requests are done one after the other. */
  ask(question: Question): Promise<Checksums | undefined> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const request = ++this.#requests;
    return new Promise((resolve, reject) => {
      if (this.#waiting.size === 0) this.#worker.ref();
      this.#waiting.set(request, { resolve, reject });
      this.#worker.postMessage({ ...question, request });
    });
  }

  #onReply({ request, checksums, error }: ChecksumReply): void {
    const waiter = this.#waiting.get(request);
    this.#waiting.delete(request);
    if (this.#waiting.size === 0) this.#worker.unref();
    if (error === undefined) waiter?.resolve(checksums);
    else waiter?.reject(error);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }
}
