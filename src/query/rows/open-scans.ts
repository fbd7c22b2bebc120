import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Scan } from './scan.js';

/** Each scan may hold the names of a large directory. */
const MAX_SCANS = 4;
/** A client that reads page by page requests the next page sooner. */
const TTL_MS = 15_000;

/**
 * Caches open scans between the pages of a query. A cached scan saves the search for the position, which is most of the work
 * in a directory of a million files. Without one, as on another replica, the next page begins a new scan at the cursor's
 * position.
 */
@Injectable()
export class OpenScans {
  readonly #scans = new LRUCache<string, Scan>({
    max: MAX_SCANS,
    ttl: TTL_MS,
    ttlAutopurge: true,
    dispose: (scan, _key, reason) => {
      if (reason !== 'delete') scan.close();
    },
  });

  /**
   * @param query the query that owns the scan; no other query gets it.
   * @param position the position of the last examined row.
   */
  keep(query: string, position: string, scan: Scan): void {
    this.#scans.set(keyOf(query, position), scan);
  }

  take(query: string, position: string): Scan | undefined {
    const key = keyOf(query, position);
    const scan = this.#scans.get(key);
    this.#scans.delete(key);
    return scan;
  }
}

function keyOf(query: string, position: string): string {
  return JSON.stringify([query, position]);
}
