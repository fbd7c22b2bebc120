import { LRUCache } from 'lru-cache';
import { listedKey } from '../../../contract/listed-key.js';
import type { ObjectKey } from '../../../contract/object-key.js';
import { withKeyBytes } from '../client/s3-key-bytes.js';
import { encodedText } from '../client/s3-key-encoding.js';
import type { S3Store } from '../client/s3-store.js';
import { headObject } from '../read/s3-object-stat.js';
import { s3StorageError } from '../s3-storage.errors.js';
import { listObjects } from '../s3-storage.lister.js';

/** Asks the store which names exist, and caches the answers. */
export class S3NestedLookups {
  readonly #store: S3Store;
  /** Names without an object, and the times of these answers. Many puts share a lookup. */
  readonly #free = new LRUCache<string, number>({ max: 10_000 });
  readonly #pending = new Map<string, Promise<boolean>>();
  /** The time from which the next lookup below a key is within the rate. */
  #nextLookupAt = 0;

  constructor(store: S3Store) {
    this.#store = store;
  }

  /** Returns the first name that has an object. Returns undefined synchronously if all names were free a moment ago. */
  firstObject(names: readonly string[]): Promise<string | undefined> | undefined {
    const uncached = names.filter((name) => !this.#wasFree(name));
    return uncached.length === 0 ? undefined : this.#firstOf(uncached);
  }

  /** Forgets a name, because a put of it runs. */
  forget(name: string): void {
    this.#free.delete(name);
    this.#pending.delete(name);
  }

  /** Limits the rate of lookups below keys. @returns false if the rate is exceeded: only puts that need a lookup make one then. */
  acquireLookupBelow(): boolean {
    const now = performance.now();
    const from = Math.max(this.#nextLookupAt, now - BURST * BELOW_INTERVAL_MS);
    if (from > now) return false;
    this.#nextLookupAt = from + BELOW_INTERVAL_MS;
    return true;
  }

  /** Are there objects below a key? A directory marker does not count: it neither hides objects nor is hidden. */
  async hasBelow(key: ObjectKey, signal: AbortSignal | undefined): Promise<boolean> {
    const prefix = `${key}/`;
    const query = `list-type=2&max-keys=2&prefix=${withKeyBytes(encodedText(prefix))}`;
    const answer = await this.#store.plain.send({ method: 'GET', key: '', query, signal });
    if (answer?.status === 200 && EMPTY_LISTING.test(answer.text)) return false;
    try {
      for await (const batch of listObjects(this.#store, { prefix, limit: 2, signal })) {
        if (batch.some((stat) => stat.key !== prefix)) return true;
      }
      return false;
    } catch (error) {
      return unlessUnknown(error, signal);
    }
  }

  async isObject(name: string, signal?: AbortSignal): Promise<boolean> {
    const answer = await this.#store.plain.send({ method: 'HEAD', key: name, signal });
    if (answer?.status === 200) return true;
    if (answer?.status === 404 || answer?.status === 403) return false; // as `unlessUnknown` has it
    try {
      await headObject(this.#store, listedKey(name), signal);
      return true;
    } catch (error) {
      return unlessUnknown(error, signal);
    }
  }

  #wasFree(name: string): boolean {
    const askedAt = this.#free.get(name);
    return askedAt !== undefined && performance.now() - askedAt < LOOKUP_CACHE_MS;
  }

  async #firstOf(names: readonly string[]): Promise<string | undefined> {
    const areObjects = await Promise.all(names.map((name) => this.#pending.get(name) ?? this.#lookUp(name)));
    return names.find((_, index) => areObjects[index]);
  }

  async #lookUp(name: string): Promise<boolean> {
    const askedAt = performance.now();
    const lookup = this.isObject(name); // without a signal: no single caller may abort the shared lookup
    this.#pending.set(name, lookup);
    try {
      const isObject = await lookup;
      if (!isObject && this.#pending.get(name) === lookup) this.#free.set(name, askedAt);
      return isObject;
    } finally {
      if (this.#pending.get(name) === lookup) this.#pending.delete(name);
    }
  }
}

/** How long an answer for a directory is cached: most puts go to the same directories. */
const LOOKUP_CACHE_MS = 250;
/** A lookup below a key costs about a seventh of a put of 4 KiB: five a second take 0.25 % of a core. */
const BELOW_INTERVAL_MS = 200;
/** Number of lookups that may run at once after an idle time. */
const BURST = 5;
const EMPTY_LISTING = /<KeyCount>0<\/KeyCount>.*<IsTruncated>false<\/IsTruncated>/s;

/** Returns false if the object is missing, or the keys have no permission to look it up. */
function unlessUnknown(error: unknown, signal: AbortSignal | undefined): false {
  const failure = s3StorageError(error, { operation: 'stat', signal });
  if (failure.kind === 'NotFound' || failure.kind === 'PermissionDenied') return false;
  throw failure;
}
