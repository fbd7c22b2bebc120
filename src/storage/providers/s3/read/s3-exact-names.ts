import { compareKeys, ESCAPE, keyBytes } from '../../../contract/key-bytes.js';
import type { ListedKey } from '../../../contract/listed-key.js';
import { StorageError } from '../../../contract/storage-error.js';
import type { S3Store } from '../client/s3-store.js';
import { listObjects } from '../s3-storage.lister.js';

/**
 * What some stores, MinIO among them, clean away as in the path of a file, so that they reach a neighbour; the last is how MinIO
 * itself spells a slash at the end.
 */
const NORMALIZED = [/^\//, /\/\//, /(?:^|\/)\.\.?(?:\/|$)/, /__XLDIR__(?:\/|$)/] as const;

/** Knows whether a store takes keys as they are, and keeps those from it that it would take for others. */
export class S3ExactNames {
  readonly #store: S3Store;
  /** What the store has been seen to keep. */
  readonly #verified = new Set<RegExp>();

  constructor(store: S3Store) {
    this.#store = store;
  }

  /**
   * A key that the store could take for another one must be shown by a listing. One such key proves that the store keeps its
   * kind, and nothing is asked of it again.
   *
   * @throws StorageError of kind `NotFound`.
   */
  async assertExact(key: ListedKey, signal: AbortSignal | undefined): Promise<void> {
    if (keyBytes(key) === undefined) throw noSuchObject(key);
    const doubtful = NORMALIZED.filter((kind) => kind.test(key) && !this.#verified.has(kind));
    if (doubtful.length === 0) return;
    const isExact = this.#store.software.isMinio !== true && (await this.#isListed(key, signal));
    if (!isExact) throw noSuchObject(key);
    for (const kind of doubtful) this.#verified.add(kind);
  }

  /** Of a whole key as the prefix MinIO says that it is there, when it has a neighbour. */
  async #isListed(key: ListedKey, signal: AbortSignal | undefined): Promise<boolean> {
    const prefix = key.slice(0, /[\uD800-\uDBFF].$/.test(key) ? -2 : -1);
    for await (const batch of listObjects(this.#store, { prefix, markers: true, signal })) {
      const match = batch.find((stat) => compareKeys(stat.key, key) >= 0);
      if (match !== undefined) return match.key === key;
    }
    return false;
  }
}

function noSuchObject(key: ListedKey): StorageError {
  return new StorageError('NotFound', 'There is no such object.', { context: { scheme: 's3', key } });
}

/** Does the store say that it takes no such name? MinIO reads bytes that are no UTF-8 as others than were signed. */
export function isRejectedName({ kind, cause }: StorageError, key = ''): boolean {
  if (kind === 'InvalidKey') return true;
  return key.includes(ESCAPE) && cause instanceof Error && cause.name === 'SignatureDoesNotMatch';
}
