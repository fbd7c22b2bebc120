import { StorageError } from './storage-error.js';

/**
 * The literal parts of a storage URL, not percent-decoded: a key may contain `%`, `?` and `#`, and an object store uses them
 * unchanged.
 */
export interface StorageUrl {
  /** In lower case: `s3`. */
  readonly scheme: string;
  /** The text between `//` and the next slash: a bucket; empty for `fs:///dir/`. */
  readonly authority: string;
  /** The text from that slash on; `/` if the URL has none. */
  readonly path: string;
  /** The URL as the user wrote it. */
  readonly text: string;
}

/** @throws StorageError of kind `InvalidConfig` if the text is no URL, or contains credentials. */
export function parseStorageUrl(text: string): StorageUrl {
  const match = /^([a-z][a-z0-9+.-]*):\/\/([^/]*)(\/.*)?$/i.exec(text);
  if (match === null) {
    throw new StorageError(
      'InvalidConfig',
      `Not a storage URL: ${JSON.stringify(text.slice(0, 100))}. Write it as in 's3://bucket/prefix/'.`,
    );
  }
  const [, scheme = '', authority = '', path = '/'] = match;
  // The message does not repeat the URL: the text before an @ may be a password.
  if (authority.includes('@')) {
    throw new StorageError(
      'InvalidConfig',
      'A storage URL may not hold credentials: give them as connection options.',
    );
  }
  return { scheme: scheme.toLowerCase(), authority, path, text };
}
