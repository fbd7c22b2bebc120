import { setTimeout } from 'node:timers/promises';

/** The longest wait for a database that another process keeps locked. */
export const BUSY_TIMEOUT_MS = 10_000;

const FIRST_DELAY_MS = 5;
const MAX_DELAY_MS = 100;

/** Does another process hold the lock? Then nothing was changed, and the statement can run again. */
export function isBusy(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  // Not SQLITE_BUSY_SNAPSHOT: no retry within that transaction succeeds.
  return code === 'SQLITE_BUSY' || code === 'SQLITE_BUSY_RECOVERY';
}

/** Retries while another process holds the lock, and waits between attempts without blocking the thread. */
export async function retryWhileBusy<Result>(
  run: () => Result | Promise<Result>,
  timeoutMs = BUSY_TIMEOUT_MS,
): Promise<Result> {
  const backoff = new BusyBackoff();
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await run();
    } catch (error) {
      if (!isBusy(error) || performance.now() >= deadline) throw error;
      await backoff.next();
    }
  }
}

/** Exponential backoff between attempts. */
export class BusyBackoff {
  #delayMs = FIRST_DELAY_MS;

  async next(): Promise<void> {
    // Jitter keeps processes that wait for one lock from retrying in step.
    const delayMs = this.#delayMs * (0.5 + Math.random() / 2);
    this.#delayMs = Math.min(2 * this.#delayMs, MAX_DELAY_MS);
    await setTimeout(delayMs);
  }
}
