import { EventEmitter, once } from 'node:events';
import { AuthError } from '../auth-error.js';

/** Maximum number of threads that hash passwords, of the four of the process, which also serve files. */
const AT_ONCE = 2;
/** Each verification takes about ten milliseconds. */
const MAX_WAITING = 100;
const RETRY_AFTER_SECONDS = 5;

/**
 * Queues password verifications. They are slow on purpose, and unlimited ones would occupy all threads. Credentials
 * that were recently correct go first, and are never rejected.
 */
export class VerificationQueue {
  #running = 0;
  readonly #first: EventEmitter<{ granted: [] }>[] = [];
  readonly #others: EventEmitter<{ granted: [] }>[] = [];

  /** @throws AuthError of kind `TooManyAttempts` if the queue is full, before `verify` is called. */
  async run<Result>(wasRight: boolean, verify: () => Promise<Result>): Promise<Result> {
    await this.#acquire(wasRight);
    try {
      return await verify();
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

  /** Passes the slot on to the next waiting verification. */
  #release(): void {
    const next = this.#first.shift() ?? this.#others.shift();
    if (next === undefined) this.#running -= 1;
    else next.emit('granted');
  }
}

function queueFull(): AuthError {
  return new AuthError(
    'TooManyAttempts',
    `Authentication failed: too many sign in at once. Try again in ${String(RETRY_AFTER_SECONDS)} seconds.`,
    { context: { retryAfterSeconds: RETRY_AFTER_SECONDS } },
  );
}
