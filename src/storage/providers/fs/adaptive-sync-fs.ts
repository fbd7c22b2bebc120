/** What needs no disk is over in a tenth of that. */
const SLOW_MS = 0.5;
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 5_000;

/**
 * Runs calls that a kernel most often answers from its memory: at once, since a thread's round trip costs more than they do.
 * After one that had to wait for the disk, threads run them for a while, and for longer each time when that is over and the
 * disk is still slow: it holds nobody else up.
 */
export class AdaptiveSyncFs {
  #slowUntil = 0;
  #pauseMs = FIRST_PAUSE_MS;

  async run<T>(sync: () => T, async: () => Promise<T>): Promise<T> {
    const before = performance.now();
    if (before < this.#slowUntil) return async();
    try {
      return sync();
    } finally {
      this.#learn(before, performance.now());
    }
  }

  #learn(before: number, now: number): void {
    const isSlow = now - before > SLOW_MS;
    if (isSlow) this.#slowUntil = now + this.#pauseMs;
    this.#pauseMs = isSlow ? Math.min(2 * this.#pauseMs, MAX_PAUSE_MS) : FIRST_PAUSE_MS;
  }
}

/** A server's disks share its threads, so that they are slow together. */
export const sharedSyncFs = new AdaptiveSyncFs();
