const WINDOW_MS = 5_000;

/** The rate of an upload over its last seconds. */
export class UploadRate {
  readonly #samples: { readonly at: number; readonly bytes: number }[] = [];

  /** Returns bytes a second. */
  add(bytes: number, at: number = performance.now()): number {
    this.#samples.push({ at, bytes });
    while (this.#samples.length > 2 && (this.#samples[0]?.at ?? at) < at - WINDOW_MS) this.#samples.shift();
    const first = this.#samples[0];
    if (first === undefined || at <= first.at) return 0;
    return ((bytes - first.bytes) * 1000) / (at - first.at);
  }
}
