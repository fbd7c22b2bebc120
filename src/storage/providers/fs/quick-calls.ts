/** What needs no disk is over in a tenth of that. */
const SLOW_MS = 0.5;
const SLOW_FOR_MS = 100;

/**
 * Runs calls that a kernel most often answers from its memory: at once, since a thread's round trip costs more than they do.
 * After one that had to wait for the disk, threads run them for a while, so that a slow disk holds nobody else up.
 */
export class QuickCalls {
  #slowUntil = 0;

  async run<T>(atOnce: () => T, byThread: () => Promise<T>): Promise<T> {
    const before = performance.now();
    if (before < this.#slowUntil) return byThread();
    try {
      return atOnce();
    } finally {
      const now = performance.now();
      if (now - before > SLOW_MS) this.#slowUntil = now + SLOW_FOR_MS;
    }
  }
}

/** A server's disks share its threads, so that they are slow together. */
export const sharedQuickCalls = new QuickCalls();
