import { compareKeys, ESCAPE, keyBytes } from '../../../contract/key-bytes.js';
import type { ListedKey } from '../../../contract/listed-key.js';
import { StorageError } from '../../../contract/storage-error.js';
import type { S3Store } from '../client/s3-store.js';
import { listObjects } from '../s3-storage.lister.js';

/**
 * Parts of keys that some stores, such as MinIO, normalise as in file paths, so that the key reaches another object. The last one is
 * MinIO's own spelling of a trailing slash.
 */
const NORMALIZED = [/^\//, /\/\//, /(?:^|\/)\.\.?(?:\/|$)/, /__XLDIR__(?:\/|$)/] as const;

/** Learns whether a store keeps keys unchanged, and refuses keys that it would take for others. */
export class S3ExactNames {
  readonly #store: S3Store;
  /** Patterns that the store has been seen to keep unchanged. */
  readonly #verified = new Set<RegExp>();

  constructor(store: S3Store) {
    this.#store = store;
  }

  /**
   * Checks a key that the store could take for another one: a listing must show it. One such key proves that the store keeps the
   * pattern unchanged, which is not checked again.
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

  /** Lists with a prefix one character shorter: given the whole key, MinIO lists it if only a similar key exists. */
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

/** Does the store reject the name? MinIO decodes invalid UTF-8 to other bytes than were signed, so the signature fails. */
export function isRejectedName({ kind, cause }: StorageError, key = ''): boolean {
  if (kind === 'InvalidKey') return true;
  return key.includes(ESCAPE) && cause instanceof Error && cause.name === 'SignatureDoesNotMatch';
}
