import { Backoff } from '../backoff.js';

/** Knows since when the database is away. During a long outage nobody waits: who comes late gets the error at once. */
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

  /** @returns the time until which somebody waits who may wait until `deadline`, on the clock of `performance`. */
  until(deadline: number): number {
    return Math.min(deadline, (this.#since ?? Infinity) + this.#patienceMs);
  }

  /** Repeats what changes nothing. @param isAway whether an error means that the database is away. */
  async retry<Result>(run: () => Promise<Result>, isAway: (error: unknown) => boolean): Promise<Result> {
    const deadline = performance.now() + this.#patienceMs;
    const backoff = new Backoff();
    for (;;) {
      try {
        const result = await run();
        this.end();
        return result;
      } catch (error) {
        if (!isAway(error)) throw error;
        this.begin();
        if (performance.now() >= this.until(deadline)) throw error;
        await backoff.next();
      }
    }
  }
}
