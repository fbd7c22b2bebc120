import { isOn } from '../../../config/shortcuts.js';

/** A call that needs no disk takes a tenth of this. */
const SLOW_MS = 0.5;
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 5_000;

/**
 * Runs file system calls synchronously while the kernel answers from its memory, because a round trip to a thread costs more than
 * such a call. After a call that waited for the disk, threads run the calls for a while, and longer each time the disk is still
 * slow, so that the event loop is not blocked.
 */
export class AdaptiveSyncFs {
  #slowUntil = isOn('sync-file-calls') ? 0 : Infinity;
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

/** Shared by all providers: the disks of a server share its threads, so they are slow together. */
export const sharedSyncFs = new AdaptiveSyncFs();
