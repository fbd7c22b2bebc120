/** Half a frame. */
const WORK_MS = 8;

/** Lets the page draw and answer in the middle of long work. */
export class Breather {
  readonly #signal: AbortSignal;
  #pausedAt = performance.now();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Waits where the work has kept the page busy. @throws the reason of the signal, if nobody waits for the work any more. */
  async pause(): Promise<void> {
    if (performance.now() - this.#pausedAt < WORK_MS) return;
    await new Promise((resolve) => setTimeout(resolve));
    this.#signal.throwIfAborted();
    this.#pausedAt = performance.now();
  }
}
