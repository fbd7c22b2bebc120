import { LRUCache } from 'lru-cache';
import { listedKey } from '../../../contract/listed-key.js';
import type { ObjectKey } from '../../../contract/object-key.js';
import { withKeyBytes } from '../client/s3-key-bytes.js';
import { encodedText } from '../client/s3-key-encoding.js';
import type { S3Store } from '../client/s3-store.js';
import { headObject } from '../read/s3-object-stat.js';
import { s3StorageError } from '../s3-storage.errors.js';
import { listObjects } from '../s3-storage.lister.js';

/** What the store itself says of names. */
export class S3NestedLookups {
  readonly #store: S3Store;
  /** Names that no object had, and when that was asked: many puts share a look. */
  readonly #free = new LRUCache<string, number>({ max: 10_000 });
  readonly #pending = new Map<string, Promise<boolean>>();
  /** When a look below a key is free again. */
  #nextLookupAt = 0;

  constructor(store: S3Store) {
    this.#store = store;
  }

  /** The first of these names that is an object's. Undefined at once, where all were free a moment ago. */
  firstObject(names: readonly string[]): Promise<string | undefined> | undefined {
    const uncached = names.filter((name) => !this.#wasFree(name));
    return uncached.length === 0 ? undefined : this.#firstOf(uncached);
  }

  /** A put of this name is on its way. */
  forget(name: string): void {
    this.#free.delete(name);
    this.#pending.delete(name);
  }

  /** Is a look below a key in proportion now? So many puts a second each have one; of more, those that need it. */
  acquireLookupBelow(): boolean {
    const now = performance.now();
    const from = Math.max(this.#nextLookupAt, now - BURST * BELOW_INTERVAL_MS);
    if (from > now) return false;
    this.#nextLookupAt = from + BELOW_INTERVAL_MS;
    return true;
  }

  /** A marker of the directory does not hide, and is not hidden. */
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
    const lookup = this.isObject(name); // no one of those who wait may end it
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

/** So long a directory that was looked at is not looked at again: most puts go where others have gone. */
const LOOKUP_CACHE_MS = 250;
/** A look below a key costs about a seventh of a put of 4 KiB: five a second are a quarter of a hundredth of a core. */
const BELOW_INTERVAL_MS = 200;
/** So many may come at once after a quiet time. */
const BURST = 5;
const EMPTY_LISTING = /<KeyCount>0<\/KeyCount>.*<IsTruncated>false<\/IsTruncated>/s;

/** Who may write and not look can be told nothing. */
function unlessUnknown(error: unknown, signal: AbortSignal | undefined): false {
  const failure = s3StorageError(error, { operation: 'stat', signal });
  if (failure.kind === 'NotFound' || failure.kind === 'PermissionDenied') return false;
  throw failure;
}
