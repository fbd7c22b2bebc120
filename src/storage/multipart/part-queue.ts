import { partsInFlight } from './part-sizing.js';

/** The part requests of one upload that are in flight. Keeps the first failure, and calls `onFailure`. */
export class PartQueue {
  readonly #onFailure: () => void;
  readonly #inFlight = new Set<Promise<void>>();
  #failure: { readonly error: unknown } | undefined;

  constructor(onFailure: () => void) {
    this.#onFailure = onFailure;
  }

  /** Waits until one more part of this size may be sent. */
  async waitForRoom(partBytes: number): Promise<void> {
    while (this.#inFlight.size >= partsInFlight(partBytes)) await Promise.race(this.#inFlight);
    this.throwIfFailed();
  }

  add(request: () => Promise<void>): void {
    const settled = this.#run(request).finally(() => this.#inFlight.delete(settled));
    this.#inFlight.add(settled);
  }

  /** Waits until no request is in flight; never rejects. */
  async settle(): Promise<void> {
    await Promise.all(this.#inFlight);
  }

  /** The error of the first request that failed. */
  get failure(): unknown {
    return this.#failure?.error;
  }

  throwIfFailed(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  async #run(request: () => Promise<void>): Promise<void> {
    try {
      await request();
    } catch (error) {
      this.#failure ??= { error };
      this.#onFailure();
    }
  }
}
