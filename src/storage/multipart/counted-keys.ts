/** Counts the uses of each key. */
export class CountedKeys {
  readonly #counts = new Map<string, number>();

  add(key: string): void {
    this.#counts.set(key, this.count(key) + 1);
  }

  drop(key: string): void {
    const remaining = this.count(key) - 1;
    if (remaining > 0) this.#counts.set(key, remaining);
    else this.#counts.delete(key);
  }

  count(key: string): number {
    return this.#counts.get(key) ?? 0;
  }
}
