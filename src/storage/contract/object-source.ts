import type { ErrorContext } from '../../common/app-error.js';
import type { ListedKey } from './listed-key.js';
import { StorageError } from './storage-error.js';

/** An object to copy or to move. Only `StorageProvider.source` makes one. */
export interface ObjectSource {
  /** The opened store: all roots in it can copy the object, and no other store can. */
  readonly store: object;
  /** The store's own key: it includes the prefix of a prefixed root. */
  readonly key: ListedKey;
}

/**
 * Checks that an object can be copied to a key of this store.
 *
 * @throws StorageError of kind `Unsupported` for an object of another store, of kind `InvalidKey` for the object itself.
 */
export function assertCopyable(source: ObjectSource, store: object, key: string): void {
  const context = { key: source.key };
  if (source.store !== store) {
    throw new StorageError('Unsupported', 'A store copies and moves its own objects only.', { context });
  }
  if (source.key === key) {
    throw new StorageError('InvalidKey', 'A file cannot be copied or moved onto itself.', { context });
  }
}

/** Checks the version of a source. @throws StorageError of kind `PreconditionFailed`. */
export function assertSourceVersion(
  stat: { readonly etag: string | null },
  etag: string | undefined,
  context: ErrorContext,
): void {
  if (etag !== undefined && stat.etag !== etag) throw sourceChanged(context);
}

export function sourceChanged(context: ErrorContext, cause?: unknown): StorageError {
  const message = 'The file to copy or move has changed: nothing was changed at the target.';
  return new StorageError('PreconditionFailed', message, { context, cause });
}
