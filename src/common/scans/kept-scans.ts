import { LRUCache } from 'lru-cache';

/** A client that reads page by page requests the next page sooner. */
const TTL_MS = 15_000;

export interface ClosableScan {
  close(): void;
}

/**
 * Keeps open scans between the pages of a result. A kept scan saves the search for the position, which is most of the work in a
 * directory of a million files. Without one, as on another replica, the next page begins a new scan at the cursor's position.
 */
export class KeptScans<Scan extends ClosableScan> {
  readonly #scans: LRUCache<string, Scan>;

  /** @param max the number of scans, each of which may hold the names of a large directory. */
  constructor(max: number) {
    this.#scans = new LRUCache<string, Scan>({
      max,
      ttl: TTL_MS,
      ttlAutopurge: true,
      dispose: (scan, _key, reason) => {
        if (reason !== 'delete') scan.close();
      },
    });
  }

  /**
   * @param owner what the scan belongs to: nothing else gets it.
   * @param position the position of the last examined row.
   */
  keep(owner: string, position: string, scan: Scan): void {
    this.#scans.set(keyOf(owner, position), scan);
  }

  take(owner: string, position: string): Scan | undefined {
    const key = keyOf(owner, position);
    const scan = this.#scans.get(key);
    this.#scans.delete(key);
    return scan;
  }
}

function keyOf(owner: string, position: string): string {
  return JSON.stringify([owner, position]);
}
