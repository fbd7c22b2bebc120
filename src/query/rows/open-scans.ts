import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Scan } from './scan.js';

/** Each may hold the names of a large directory. */
const MAX_OPEN = 4;
/** A client that reads page by page is back sooner. */
const KEPT_MS = 15_000;

/**
 * Scans that were left at the end of a page, for the next page of the same query. They spare a store the search for the
 * place, which in a directory of a million files is most of the work, and are nothing but that: where a scan is gone, or
 * another replica is asked, the next page begins a new one at the cursor's place.
 */
@Injectable()
export class OpenScans {
  readonly #scans = new LRUCache<string, Scan>({
    max: MAX_OPEN,
    ttl: KEPT_MS,
    ttlAutopurge: true,
    dispose: (scan, _place, reason) => {
      if (reason !== 'delete') scan.close();
    },
  });

  /** @param query whose it is: nobody else takes it up. @param place of the last row that was looked at. */
  keep(query: string, place: string, scan: Scan): void {
    this.#scans.set(keyOf(query, place), scan);
  }

  take(query: string, place: string): Scan | undefined {
    const key = keyOf(query, place);
    const scan = this.#scans.get(key);
    this.#scans.delete(key);
    return scan;
  }
}

function keyOf(query: string, place: string): string {
  return JSON.stringify([query, place]);
}
