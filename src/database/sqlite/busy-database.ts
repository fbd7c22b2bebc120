import { retryWhile } from '../backoff.js';
import { WRITE_TIMEOUT_MS } from '../sql-database.js';

/** Does another connection hold the lock? Then nothing was changed, and the statement can run again. */
export function isBusy(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  // Not SQLITE_BUSY_SNAPSHOT: no retry within that transaction succeeds.
  return code === 'SQLITE_BUSY' || code === 'SQLITE_BUSY_RECOVERY';
}

/** Retries while another process holds the lock. */
export async function retryWhileBusy<Result>(
  run: () => Result | Promise<Result>,
  timeoutMs = WRITE_TIMEOUT_MS,
): Promise<Result> {
  const deadline = performance.now() + timeoutMs;
  return retryWhile(run, (error) => isBusy(error) && performance.now() < deadline);
}
