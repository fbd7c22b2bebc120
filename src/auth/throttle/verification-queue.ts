import { EventEmitter, once } from 'node:events';
import { AuthError } from '../auth-error.js';

/** Threads that work on passwords; the process has four, which also serve files. */
const AT_ONCE = 2;
/** Each takes some ten milliseconds. */
const MAX_WAITING = 100;
const RETRY_AFTER_SECONDS = 5;

/**
 * Who shows a password waits here until it is compared. That is slow on purpose: any number at once would keep the
 * threads from everything else. Who was right lately goes first, and is never turned away.
 */
export class VerificationQueue {
  #running = 0;
  readonly #first: EventEmitter<{ come: [] }>[] = [];
  readonly #others: EventEmitter<{ come: [] }>[] = [];

  /** @throws AuthError of kind `TooManyAttempts` where too many wait, before `verify` is called. */
  async run<Result>(wasRight: boolean, verify: () => Promise<Result>): Promise<Result> {
    await this.#enter(wasRight);
    try {
      return await verify();
    } finally {
      this.#leave();
    }
  }

  async #enter(wasRight: boolean): Promise<void> {
    if (this.#running < AT_ONCE) {
      this.#running += 1;
      return;
    }
    if (!wasRight && this.#others.length >= MAX_WAITING) throw tooManyWait();
    const turn = new EventEmitter<{ come: [] }>();
    (wasRight ? this.#first : this.#others).push(turn);
    await once(turn, 'come');
  }

  /** The place goes to the next one. */
  #leave(): void {
    const next = this.#first.shift() ?? this.#others.shift();
    if (next === undefined) this.#running -= 1;
    else next.emit('come');
  }
}

function tooManyWait(): AuthError {
  return new AuthError(
    'TooManyAttempts',
    `Authentication failed: too many sign in at once. Try again in ${String(RETRY_AFTER_SECONDS)} seconds.`,
    { context: { retryAfterSeconds: RETRY_AFTER_SECONDS } },
  );
}
