interface Bucket {
  tokens: number;
  /** On the clock of `performance`. */
  at: number;
}

/** More keys than are active at once: a full bucket is as good as none. */
const MAX_KEYS = 10_000;

/** A rate for each key: so many a second, and as many at once after a second of rest. */
export class TokenBuckets {
  readonly #perSecond: number;
  readonly #buckets = new Map<string, Bucket>();

  /** @param perSecond zero for no limit. */
  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** Takes one. @returns the milliseconds until there is one to take; zero if one was taken. */
  take(key: string, now = performance.now()): number {
    if (this.#perSecond === 0) return 0;
    const bucket = this.#buckets.get(key) ?? { tokens: this.#perSecond, at: now };
    const refilled = bucket.tokens + ((now - bucket.at) / 1000) * this.#perSecond;
    bucket.tokens = Math.min(this.#perSecond, refilled);
    bucket.at = now;
    // In the order of their last use: the first one is the fullest.
    this.#buckets.delete(key);
    this.#buckets.set(key, bucket);
    if (this.#buckets.size > MAX_KEYS) this.#forgetFirst();
    if (bucket.tokens < 1) return ((1 - bucket.tokens) / this.#perSecond) * 1000;
    bucket.tokens--;
    return 0;
  }

  /** Gives one back that was taken for nothing. */
  giveBack(key: string): void {
    const bucket = this.#buckets.get(key);
    if (bucket !== undefined) bucket.tokens++;
  }

  #forgetFirst(): void {
    for (const first of this.#buckets.keys()) {
      this.#buckets.delete(first);
      return;
    }
  }
}
