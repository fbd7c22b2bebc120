import { EventEmitter, once } from 'node:events';
import { UserError } from '../user-error.js';

/** There is one thread. Those who were right go before others who wait here, not before those whom it has. */
const AT_ONCE = 1;
/** A hash takes 15 to 30 ms, and up to a quarter of a second with the pause after a wrong one. */
const MAX_WAITING = 100;
const RETRY_AFTER_SECONDS = 10;
/** Pause after wrong work, as a multiple of its own time: a flood of it takes a ninth of a core. */
const PAUSE_FACTOR = 8;
/** On a server without idle cores a hash takes long by itself. */
const MAX_PAUSE_MS = 500;

interface Work<Result> {
  /** Goes before all others, is never rejected and does not wait for a pause. */
  readonly isFirst: boolean;
  readonly run: () => Promise<Result>;
  /** Reports whether the result is a wrong password, which delays others of no precedence. */
  readonly isWrong?: (result: Result) => boolean;
}

/**
 * Queues the hashing of passwords, to verify or to store them. It is slow on purpose, and unlimited hashing would occupy all cores.
 * Wrong passwords are followed by a pause, right ones are not: many users who sign in at once do not wait.
 */
export class VerificationQueue {
  #running = 0;
  #pause: NodeJS.Timeout | undefined;
  readonly #first: EventEmitter<{ granted: [] }>[] = [];
  readonly #others: EventEmitter<{ granted: [] }>[] = [];

  /** @throws UserError of kind `TooManyAtOnce` if the queue is full, before `run` is called. */
  async run<Result>({ isFirst, run, isWrong }: Work<Result>): Promise<Result> {
    await this.#acquire(isFirst);
    const start = performance.now();
    try {
      const result = await run();
      if (isWrong?.(result) === true) this.#startPause(performance.now() - start);
      return result;
    } finally {
      this.#running -= 1;
      this.#grantNext();
    }
  }

  /** Asserts that work of no precedence may wait. @throws UserError of kind `TooManyAtOnce`. */
  assertRoom(): void {
    if (this.#others.length >= MAX_WAITING) throw queueFull();
  }

  async #acquire(isFirst: boolean): Promise<void> {
    if (!isFirst) this.assertRoom();
    const turn = new EventEmitter<{ granted: [] }>();
    const granted = once(turn, 'granted');
    (isFirst ? this.#first : this.#others).push(turn);
    this.#grantNext();
    await granted;
  }

  #grantNext(): void {
    if (this.#running >= AT_ONCE) return;
    const next = this.#first.shift() ?? (this.#pause === undefined ? this.#others.shift() : undefined);
    if (next === undefined) return;
    this.#running += 1;
    next.emit('granted');
  }

  #startPause(workMs: number): void {
    const end = (): void => {
      this.#pause = undefined;
      this.#grantNext();
    };
    clearTimeout(this.#pause);
    // Not unref'd: a command or a start that waits for its turn has nothing else to wait for.
    this.#pause = setTimeout(end, Math.min(workMs * PAUSE_FACTOR, MAX_PAUSE_MS));
  }
}

function queueFull(): UserError {
  return new UserError(
    'TooManyAtOnce',
    `Too many passwords are checked or set at once. Try again in ${String(RETRY_AFTER_SECONDS)} seconds.`,
    { context: { retryAfterSeconds: RETRY_AFTER_SECONDS } },
  );
}
