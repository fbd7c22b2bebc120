import { setTimeout } from 'node:timers/promises';

const FIRST_DELAY_MS = 5;
const MAX_DELAY_MS = 100;

/** Exponential backoff between attempts. */
export class Backoff {
  #delayMs = FIRST_DELAY_MS;

  async next(): Promise<void> {
    // Jitter keeps processes that wait for one database from retrying in step.
    const delayMs = this.#delayMs * (0.5 + Math.random() / 2);
    this.#delayMs = Math.min(2 * this.#delayMs, MAX_DELAY_MS);
    await setTimeout(delayMs);
  }
}

/**
 * Runs again what failed, with a growing delay, and without blocking the thread.
 *
 * @param mayRetry judges each error. Its last error is thrown.
 */
export async function retryWhile<Result>(
  run: () => Result | Promise<Result>,
  mayRetry: (error: unknown) => boolean,
): Promise<Result> {
  const backoff = new Backoff();
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (!mayRetry(error)) throw error;
      await backoff.next();
    }
  }
}
