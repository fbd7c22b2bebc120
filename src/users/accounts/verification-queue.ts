import { EventEmitter, once } from 'node:events';
import { UserError } from '../user-error.js';

/** There is one thread. Those who were right go before others who wait here, not before those whom it has. */
const AT_ONCE = 1;
/** Each takes about ten milliseconds. */
const MAX_WAITING = 100;
const RETRY_AFTER_SECONDS = 5;

/**
 * Queues the hashing of passwords, to verify or to store them. It is slow on purpose, and unlimited hashing would occupy all threads.
 * Credentials that were recently correct go first, and are never rejected.
 */
export class VerificationQueue {
  #running = 0;
  readonly #first: EventEmitter<{ granted: [] }>[] = [];
  readonly #others: EventEmitter<{ granted: [] }>[] = [];

  /** @throws UserError of kind `TooManyAtOnce` if the queue is full, before `work` is called. */
  async run<Result>(wasRight: boolean, work: () => Promise<Result>): Promise<Result> {
    await this.#acquire(wasRight);
    try {
      return await work();
    } finally {
      this.#release();
    }
  }

  async #acquire(wasRight: boolean): Promise<void> {
    if (this.#running < AT_ONCE) {
      this.#running += 1;
      return;
    }
    if (!wasRight && this.#others.length >= MAX_WAITING) throw queueFull();
    const turn = new EventEmitter<{ granted: [] }>();
    (wasRight ? this.#first : this.#others).push(turn);
    await once(turn, 'granted');
  }

  /** Passes the slot on to the next in the queue. */
  #release(): void {
    const next = this.#first.shift() ?? this.#others.shift();
    if (next === undefined) this.#running -= 1;
    else next.emit('granted');
  }
}

function queueFull(): UserError {
  return new UserError(
    'TooManyAtOnce',
    `Too many passwords are checked or set at once. Try again in ${String(RETRY_AFTER_SECONDS)} seconds.`,
    { context: { retryAfterSeconds: RETRY_AFTER_SECONDS } },
  );
}
