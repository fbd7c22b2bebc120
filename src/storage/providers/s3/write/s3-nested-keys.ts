import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { LRUCache } from 'lru-cache';
import { listedKey } from '../../../contract/listed-key.js';
import type { ObjectKey } from '../../../contract/object-key.js';
import { StorageError } from '../../../contract/storage-error.js';
import type { S3Store } from '../client/s3-store.js';
import { headObject } from '../read/s3-object-stat.js';
import { s3StorageError } from '../s3-storage.errors.js';
import { listObjects } from '../s3-storage.lister.js';

export interface GuardOptions {
  readonly signal: AbortSignal;
  /** Without it the store itself is asked what lies below a key. */
  readonly hasKnownBelow: (() => boolean) | undefined;
}

/** What a put waits for. */
export interface NestedLooks {
  /** Before much of a body is taken in. */
  early(): Promise<void>;
  /** Before the object may appear. */
  late(): Promise<void>;
}

/**
 * MinIO takes `a` and `a/b` side by side, and lists `a` alone. There a put of either is refused where the other one is, as on
 * a disk. Stores that show both are asked for nothing, but once for the key of the first put: the answer tells which kind a store is.
 */
export class S3NestedKeys {
  readonly #store: S3Store;
  /** How many puts of a key are on their way. */
  readonly #coming = new Map<string, number>();
  /** Whether the names of directories are objects', as was asked a moment ago: many puts share a look. */
  readonly #looks = new LRUCache<string, Promise<boolean>>({ max: 10_000, ttl: LOOK_MS });

  constructor(store: S3Store) {
    this.#store = store;
  }

  /**
   * Runs a put, from its beginning to its end.
   *
   * @param put is given the looks that it has to wait for, which reject with a StorageError of kind `AlreadyExists` or `InvalidKey`.
   */
  async guard<Result>(
    key: ObjectKey,
    options: GuardOptions,
    put: (looks: NestedLooks) => Promise<Result>,
  ): Promise<Result> {
    const { software } = this.#store;
    if (software.isMinio === false) return put(NO_LOOKS);
    this.#coming.set(key, (this.#coming.get(key) ?? 0) + 1);
    this.#looks.delete(key);
    try {
      const result = await put(this.#looksAt(key, options));
      // What is below this key would not be listed any more: only who comes below can see that it came too late.
      if (software.isMinio === true) await this.#withdrawIfHidden(key); // known by now
      return result;
    } finally {
      this.#looks.delete(key);
      const others = (this.#coming.get(key) ?? 1) - 1;
      if (others === 0) this.#coming.delete(key);
      else this.#coming.set(key, others);
    }
  }

  #looksAt(key: ObjectKey, { signal, hasKnownBelow }: GuardOptions): NestedLooks {
    const { software } = this.#store;
    const isAlone = ![...this.#coming.keys()].some((other) => isBelow(other, key) || isBelow(key, other));
    const look = async (): Promise<void> => {
      await this.#requireFree(key, signal, hasKnownBelow?.() ?? true);
      if (!isAlone) throw inTheWay('A file above or below that name is on its way');
    };
    const early = software.isMinio === true ? look() : undefined;
    early?.catch(() => undefined); // told to who waits for it
    return {
      early: async () => early,
      late: async () => {
        await early;
        if (software.isMinio === undefined) await this.#isThere(key, signal); // whatever the answer, it tells
        if (software.isMinio !== true) return;
        if (early === undefined) await look();
        else await this.#requireNoneAbove(key);
      },
    };
  }

  async #requireFree(key: ObjectKey, signal: AbortSignal, mayHaveBelow: boolean): Promise<void> {
    if (INNER_NAME.test(key)) throw innerName();
    const [, hasBelow] = await Promise.all([
      this.#requireNoneAbove(key),
      mayHaveBelow && this.#hasBelow(key, signal),
    ]);
    if (hasBelow) throw inTheWay('There are files below that name, which it would hide');
  }

  async #requireNoneAbove(key: ObjectKey): Promise<void> {
    const parent = await this.#firstAbove(key);
    if (parent !== undefined) throw fileAbove(parent);
  }

  async #withdrawIfHidden(key: ObjectKey): Promise<void> {
    const parent = await this.#firstAbove(key);
    if (parent === undefined) return;
    await this.#store.client.send(new DeleteObjectCommand({ Bucket: this.#store.bucket, Key: key }));
    throw fileAbove(parent);
  }

  /** The first object whose name is that of a directory on the way. */
  async #firstAbove(key: ObjectKey): Promise<string | undefined> {
    const components = key.split('/');
    const parents = components.slice(1).map((_, index) => components.slice(0, index + 1).join('/'));
    const found = await Promise.all(parents.map((parent) => this.#isObject(parent)));
    return parents.find((_, index) => found[index]);
  }

  async #isObject(parent: string): Promise<boolean> {
    const known = this.#looks.get(parent);
    if (known !== undefined) return known;
    const look = this.#isThere(parent, undefined); // no one of those who wait may end it
    this.#looks.set(parent, look);
    try {
      const isObject = await look;
      if (isObject) this.#looks.delete(parent);
      return isObject;
    } catch (error) {
      this.#looks.delete(parent);
      throw error;
    }
  }

  async #isThere(key: string, signal: AbortSignal | undefined): Promise<boolean> {
    try {
      await headObject(this.#store, listedKey(key), signal);
      return true;
    } catch (error) {
      return unlessUnknown(error, signal);
    }
  }

  /** A marker of the directory does not hide, and is not hidden. */
  async #hasBelow(key: ObjectKey, signal: AbortSignal): Promise<boolean> {
    const prefix = `${key}/`;
    try {
      for await (const batch of listObjects(this.#store, { prefix, limit: 2, signal })) {
        if (batch.some((stat) => stat.key !== prefix)) return true;
      }
      return false;
    } catch (error) {
      return unlessUnknown(error, signal);
    }
  }
}

/** So long a directory that was looked at is not looked at again: most puts go where others have gone. */
const LOOK_MS = 250;
const NO_LOOKS: NestedLooks = { early: () => Promise.resolve(), late: () => Promise.resolve() };
/** How MinIO spells, on its disks, a name that ends in a slash: such a key reaches that other object. */
const INNER_NAME = /__XLDIR__(?:\/|$)/;

/** Who may write and not look can be told nothing. */
function unlessUnknown(error: unknown, signal: AbortSignal | undefined): false {
  const failure = s3StorageError(error, { operation: 'stat', signal });
  if (failure.kind === 'NotFound' || failure.kind === 'PermissionDenied') return false;
  throw failure;
}

function isBelow(key: string, parent: string): boolean {
  return key.startsWith(`${parent}/`);
}

function innerName(): StorageError {
  const message =
    "A component of a path may not end in '__XLDIR__': this store keeps another object under such a name.";
  return new StorageError('InvalidKey', message, { context: { operation: 'put', scheme: 's3' } });
}

function fileAbove(parent: string): StorageError {
  return inTheWay(`A file ${JSON.stringify(parent)} is in the way, which would hide it`);
}

function inTheWay(what: string): StorageError {
  const message = `${what}: this store lists only one of the two.`;
  return new StorageError('AlreadyExists', message, { context: { operation: 'put', scheme: 's3' } });
}
