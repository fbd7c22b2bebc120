export interface RateLimits {
  /** Zero means no limit. */
  readonly minBytesPerSecond: number;
  readonly rateWindowMs: number;
}

/** Calls back if too few bytes arrive during a window, not counting time in which none were requested. */
export class LowestRate {
  readonly #limits: RateLimits;
  readonly #timer: NodeJS.Timeout | undefined;
  #bytes = 0;
  #pausedMs = 0;
  #pausedAt: number | undefined;

  constructor(limits: RateLimits, onTooSlow: () => void) {
    this.#limits = limits;
    if (limits.minBytesPerSecond === 0) return;
    this.#timer = setInterval(() => {
      if (this.#isTooSlow()) onTooSlow();
    }, limits.rateWindowMs);
    this.#timer.unref();
  }

  count(bytes: number): void {
    this.#bytes += bytes;
  }

  pause(): void {
    this.#pausedAt ??= performance.now();
  }

  resume(): void {
    if (this.#pausedAt !== undefined) this.#pausedMs += performance.now() - this.#pausedAt;
    this.#pausedAt = undefined;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #isTooSlow(): boolean {
    const isPaused = this.#pausedAt !== undefined;
    this.resume();
    const { minBytesPerSecond, rateWindowMs } = this.#limits;
    const activeMs = rateWindowMs - this.#pausedMs;
    const isTooSlow = activeMs > rateWindowMs / 2 && (this.#bytes * 1000) / activeMs < minBytesPerSecond;
    this.#bytes = 0;
    this.#pausedMs = 0;
    if (isPaused) this.pause();
    return isTooSlow;
  }
}
