import { retryWhile } from '../backoff.js';

/** Tracks an outage of the database. In a long one, late callers get the error at once instead of waiting. */
export class Outage {
  readonly #patienceMs: number;
  #since: number | undefined;

  /** @param patienceMs the longest time that anybody waits for the end of an outage. */
  constructor(patienceMs: number) {
    this.#patienceMs = patienceMs;
  }

  begin(): void {
    this.#since ??= performance.now();
  }

  end(): void {
    this.#since = undefined;
  }

  /** @returns the end of the wait of a caller that may wait until `deadline`. Both are on the clock of `performance`. */
  until(deadline: number): number {
    return Math.min(deadline, (this.#since ?? Infinity) + this.#patienceMs);
  }

  /** Repeats what changes nothing. @param isAway whether an error means that the database is away. */
  async retry<Result>(run: () => Promise<Result>, isAway: (error: unknown) => boolean): Promise<Result> {
    const deadline = performance.now() + this.#patienceMs;
    const result = await retryWhile(run, (error) => {
      if (!isAway(error)) return false;
      this.begin();
      return performance.now() < this.until(deadline);
    });
    this.end();
    return result;
  }
}
