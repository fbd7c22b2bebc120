import { setTimeout } from 'node:timers/promises';

/** How long a write waits for a database that another process keeps locked. */
export const BUSY_TIMEOUT_MS = 10_000;

const FIRST_DELAY_MS = 5;
const MAX_DELAY_MS = 100;

/** SQLite's answer where another process has the lock: nothing was changed, and the statement can be run again. */
export function isBusy(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  // Not SQLITE_BUSY_SNAPSHOT: within that transaction no attempt succeeds.
  return code === 'SQLITE_BUSY' || code === 'SQLITE_BUSY_RECOVERY';
}

/** Runs until the lock is free, and waits between attempts without holding the thread. */
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

/** Pauses between attempts, each longer than the one before. */
export class BusyBackoff {
  #delayMs = FIRST_DELAY_MS;

  async next(): Promise<void> {
    // Processes that wait for one lock do not ask for it in step.
    const delayMs = this.#delayMs * (0.5 + Math.random() / 2);
    this.#delayMs = Math.min(2 * this.#delayMs, MAX_DELAY_MS);
    await setTimeout(delayMs);
  }
}
