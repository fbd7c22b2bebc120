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
