import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import type { ObjectKey } from '../../../contract/object-key.js';
import { StorageError } from '../../../contract/storage-error.js';
import type { S3Store } from '../client/s3-store.js';
import { CountedKeys } from '../../../multipart/counted-keys.js';
import { S3NestedLookups } from './s3-nested-lookups.js';

export interface GuardOptions {
  readonly signal?: AbortSignal | undefined;
  /** Does the caller know objects below the key? Without it the store is asked. */
  readonly hasKnownObjectsBelow?: (() => Promise<boolean>) | undefined;
}

/** Checks that a put waits for. */
export interface NestedChecks {
  /** Called before much of a body is read. */
  beforeParts(): Promise<void>;
  /** Called before the object becomes visible. */
  beforeCommit(): Promise<void>;
}

/**
 * Prevents objects that MinIO hides: it stores both `a` and `a/b`, and lists only `a`. There a put of either is refused if the
 * other one exists, as on a disk. Other stores get one extra request, for the key of the first put: its answer tells the software.
 */
export class S3NestedKeys {
  readonly #store: S3Store;
  readonly #lookups: S3NestedLookups;
  /** Keys of running puts. */
  readonly #activeKeys = new CountedKeys();
  /** Parent directories of these keys. */
  readonly #activeParents = new CountedKeys();

  constructor(store: S3Store) {
    this.#store = store;
    this.#lookups = new S3NestedLookups(store);
  }

  /**
   * Runs a whole put.
   *
   * @param put gets the checks that it must wait for. They reject with a StorageError of kind `AlreadyExists` or `InvalidKey`.
   */
  async guard<Result>(
    key: ObjectKey,
    options: GuardOptions,
    put: (checks: NestedChecks) => Promise<Result>,
  ): Promise<Result> {
    const { software } = this.#store;
    if (software.isMinio === false) return put(NO_CHECKS);
    const parents = parentsOf(key);
    this.#activeKeys.add(key);
    for (const parent of parents) this.#activeParents.add(parent);
    this.#lookups.forget(key);
    try {
      const result = await put(this.#checksOf(key, parents, options));
      // An object above may have appeared meanwhile, and hides this one. Only the put below can detect that.
      if (software.isMinio === true) await this.#withdrawIfHidden(key, parents); // known by now
      return result;
    } finally {
      this.#lookups.forget(key);
      this.#activeKeys.drop(key);
      for (const parent of parents) this.#activeParents.drop(parent);
    }
  }

  /** Checks a key before a client puts it by a presigned URL. @throws StorageError of kind `AlreadyExists` or `InvalidKey`. */
  async assertFree(key: ObjectKey, signal: AbortSignal | undefined): Promise<void> {
    const { software } = this.#store;
    if (software.isMinio === undefined) await this.#lookups.isObject(key, signal); // any answer tells the software
    if (software.isMinio === true) await this.#assertFree(key, parentsOf(key), { signal });
  }

  #checksOf(key: ObjectKey, parents: readonly string[], options: GuardOptions): NestedChecks {
    const { software } = this.#store;
    const isAlone =
      this.#activeParents.count(key) === 0 && parents.every((parent) => this.#activeKeys.count(parent) === 0);
    const check = async (): Promise<void> => {
      await this.#assertFree(key, parents, options);
      if (!isAlone) throw nameConflict('A file above or below that name is on its way');
    };
    const firstCheck = software.isMinio === true ? check() : undefined;
    firstCheck?.catch(() => undefined); // `beforeParts` and `beforeCommit` reject with it
    return {
      beforeParts: async () => firstCheck,
      beforeCommit: async () => {
        await firstCheck;
        if (software.isMinio === undefined) await this.#lookups.isObject(key, options.signal);
        if (software.isMinio !== true) return;
        if (firstCheck === undefined) await check();
        else await this.#assertNoneAbove(parents);
      },
    };
  }

  async #assertFree(
    key: ObjectKey,
    parents: readonly string[],
    { signal, hasKnownObjectsBelow }: GuardOptions,
  ): Promise<void> {
    if (RESERVED_NAME.test(key)) throw reservedName();
    const checksBelow = this.#lookups.acquireLookupBelow() || ((await hasKnownObjectsBelow?.()) ?? true);
    const [, hasBelow] = await Promise.all([
      this.#assertNoneAbove(parents),
      checksBelow && this.#lookups.hasBelow(key, signal),
    ]);
    if (hasBelow) throw nameConflict('There are files below that name, which it would hide');
  }

  async #assertNoneAbove(parents: readonly string[]): Promise<void> {
    const parent = await this.#lookups.firstObject(parents);
    if (parent !== undefined) throw fileAbove(parent);
  }

  async #withdrawIfHidden(key: ObjectKey, parents: readonly string[]): Promise<void> {
    const parent = await this.#lookups.firstObject(parents);
    if (parent === undefined) return;
    await this.#store.client.send(new DeleteObjectCommand({ Bucket: this.#store.bucket, Key: key }));
    throw fileAbove(parent);
  }
}

const NO_CHECKS: NestedChecks = {
  beforeParts: () => Promise.resolve(),
  beforeCommit: () => Promise.resolve(),
};
/** MinIO's spelling, on its disks, of a name that ends in a slash: a key with it reaches that other object. */
const RESERVED_NAME = /__XLDIR__(?:\/|$)/;

/** Returns the parent directories of a key, from the root down. */
function parentsOf(key: string): string[] {
  const parents: string[] = [];
  for (let slash = key.indexOf('/'); slash !== -1; slash = key.indexOf('/', slash + 1))
    parents.push(key.slice(0, slash));
  return parents;
}

function reservedName(): StorageError {
  const message =
    "A component of a path may not end in '__XLDIR__': this store keeps another object under such a name.";
  return new StorageError('InvalidKey', message, { context: { operation: 'put', scheme: 's3' } });
}

function fileAbove(parent: string): StorageError {
  return nameConflict(`A file ${JSON.stringify(parent)} is in the way, which would hide it`);
}

function nameConflict(what: string): StorageError {
  const message = `${what}: this store lists only one of the two.`;
  return new StorageError('AlreadyExists', message, { context: { operation: 'put', scheme: 's3' } });
}
