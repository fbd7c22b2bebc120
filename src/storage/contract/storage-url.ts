import { StorageError } from './storage-error.js';

/**
 * A storage URL in its literal parts. Nothing is percent-decoded: a key may hold `%`, `?` and `#`, and an object store
 * takes them as they stand.
 */
export interface StorageUrl {
  /** In lower case: `s3`. */
  readonly scheme: string;
  /** Between `//` and the next slash: a bucket; empty for `fs:///dir/`. */
  readonly authority: string;
  /** From that slash on; `/` where the URL has none. */
  readonly path: string;
  /** As it was written. */
  readonly text: string;
}

/** @throws StorageError of kind `InvalidConfig` where the text is no URL. */
export function parseStorageUrl(text: string): StorageUrl {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/]*)(\/.*)?$/i.exec(text);
  if (match === null) {
    throw new StorageError(
      'InvalidConfig',
      `Not a storage URL: ${JSON.stringify(text.slice(0, 100))}. Write it as in 's3://bucket/prefix/'.`,
    );
  }
  const [, scheme = '', authority = '', path = '/'] = match;
  // Not repeated in the message: what stands before an @ may be a password.
  if (authority.includes('@')) {
    throw new StorageError(
      'InvalidConfig',
      'A storage URL may not hold credentials: give them as connection options.',
    );
  }
  return { scheme: scheme.toLowerCase(), authority, path, text };
}
