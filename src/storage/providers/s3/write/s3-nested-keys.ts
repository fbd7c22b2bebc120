import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import type { ObjectKey } from '../../../contract/object-key.js';
import { StorageError } from '../../../contract/storage-error.js';
import type { S3Store } from '../client/s3-store.js';
import { CountedKeys } from '../../../multipart/counted-keys.js';
import { S3NestedLooks } from './s3-nested-looks.js';

export interface GuardOptions {
  readonly signal?: AbortSignal | undefined;
  /** Without it the store itself is asked what lies below a key. */
  readonly hasKnownBelow?: (() => boolean) | undefined;
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
  readonly #looks: S3NestedLooks;
  /** Keys of puts on their way. */
  readonly #coming = new CountedKeys();
  /** The directories on their ways. */
  readonly #comingBelow = new CountedKeys();

  constructor(store: S3Store) {
    this.#store = store;
    this.#looks = new S3NestedLooks(store);
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
    const parents = parentsOf(key);
    this.#coming.add(key);
    for (const parent of parents) this.#comingBelow.add(parent);
    this.#looks.forget(key);
    try {
      const result = await put(this.#looksAt(key, parents, options));
      // What is below this key would not be listed any more: only who comes below can see that it came too late.
      if (software.isMinio === true) await this.#withdrawIfHidden(key, parents); // known by now
      return result;
    } finally {
      this.#looks.forget(key);
      this.#coming.drop(key);
      for (const parent of parents) this.#comingBelow.drop(parent);
    }
  }

  /** Before somebody else puts. @throws StorageError of kind `AlreadyExists` or `InvalidKey`. */
  async requireFree(key: ObjectKey, signal: AbortSignal | undefined): Promise<void> {
    const { software } = this.#store;
    if (software.isMinio === undefined) await this.#looks.isObject(key, signal); // whatever the answer, it tells
    if (software.isMinio === true) await this.#requireFree(key, parentsOf(key), { signal });
  }

  #looksAt(key: ObjectKey, parents: readonly string[], options: GuardOptions): NestedLooks {
    const { software } = this.#store;
    const isAlone =
      this.#comingBelow.count(key) === 0 && parents.every((parent) => this.#coming.count(parent) === 0);
    const look = async (): Promise<void> => {
      await this.#requireFree(key, parents, options);
      if (!isAlone) throw inTheWay('A file above or below that name is on its way');
    };
    const early = software.isMinio === true ? look() : undefined;
    early?.catch(() => undefined); // told to who waits for it
    return {
      early: async () => early,
      late: async () => {
        await early;
        if (software.isMinio === undefined) await this.#looks.isObject(key, options.signal);
        if (software.isMinio !== true) return;
        if (early === undefined) await look();
        else await this.#requireNoneAbove(parents);
      },
    };
  }

  async #requireFree(
    key: ObjectKey,
    parents: readonly string[],
    { signal, hasKnownBelow }: GuardOptions,
  ): Promise<void> {
    if (INNER_NAME.test(key)) throw innerName();
    const looksBelow = this.#looks.takeLookBelow() || (hasKnownBelow?.() ?? true);
    const [, hasBelow] = await Promise.all([
      this.#requireNoneAbove(parents),
      looksBelow && this.#looks.hasBelow(key, signal),
    ]);
    if (hasBelow) throw inTheWay('There are files below that name, which it would hide');
  }

  async #requireNoneAbove(parents: readonly string[]): Promise<void> {
    const parent = await this.#looks.firstObject(parents);
    if (parent !== undefined) throw fileAbove(parent);
  }

  async #withdrawIfHidden(key: ObjectKey, parents: readonly string[]): Promise<void> {
    const parent = await this.#looks.firstObject(parents);
    if (parent === undefined) return;
    await this.#store.client.send(new DeleteObjectCommand({ Bucket: this.#store.bucket, Key: key }));
    throw fileAbove(parent);
  }
}

const NO_LOOKS: NestedLooks = { early: () => Promise.resolve(), late: () => Promise.resolve() };
/** How MinIO spells, on its disks, a name that ends in a slash: such a key reaches that other object. */
const INNER_NAME = /__XLDIR__(?:\/|$)/;

/** The directories on the way to a key, from the root on. */
function parentsOf(key: string): string[] {
  const parents: string[] = [];
  for (let at = key.indexOf('/'); at !== -1; at = key.indexOf('/', at + 1)) parents.push(key.slice(0, at));
  return parents;
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
