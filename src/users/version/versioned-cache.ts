import { LRUCache } from 'lru-cache';

interface Entry<Value> {
  readonly version: string;
  readonly value: Promise<Value>;
}

/** Remembers what was read under a version. What was read under another one is read again. */
export class VersionedCache<Value> {
  readonly #entries: LRUCache<string, Entry<Value>>;

  constructor(max: number) {
    this.#entries = new LRUCache({ max });
  }

  /** @param load is called once for a key and a version, unless it fails. */
  get(version: string, key: string, load: () => Promise<Value>): Promise<Value> {
    const cached = this.#entries.get(key);
    if (cached?.version === version) return cached.value;
    const value = load();
    const entry = { version, value };
    this.#entries.set(key, entry);
    value.catch(() => {
      if (this.#entries.peek(key) === entry) this.#entries.delete(key);
    });
    return value;
  }
}
