import { isTraversal, objectKey, type ObjectKey } from '../../storage/contract/object-key.js';
import { type ListedKey, listedKey } from '../../storage/contract/listed-key.js';
import { StorageError } from '../../storage/contract/storage-error.js';
import type { StorageCapabilities } from '../../storage/contract/storage-provider.js';

/**
 * Builds the key of an upload from the client's directory and file name. Slashes in a name separate directories.
 * Leading slashes are removed and repeated ones count as one, because stock clients send `//a.parquet`.
 *
 * @throws StorageError of kind `InvalidKey` that tells what to change.
 */
export function stageFileKey(directory: string, fileName: string): ObjectKey {
  const name = withoutExtraSlashes(fileName);
  if (name === '') throw new StorageError('InvalidKey', 'A path must name a file: the file name is empty.');
  const parent = withoutExtraSlashes(directory).replace(/\/$/, '');
  return objectKey(parent === '' ? name : `${parent}/${name}`);
}

/**
 * Parses the name of an existing file, unchanged.
 *
 * @throws StorageError of kind `InvalidKey` for a name of no file, or one that leads out of the stage on this storage.
 */
export function stageFileName(text: string, capabilities: NamingCapabilities): ListedKey {
  if (text === '') throw new StorageError('InvalidKey', 'A path must name a file: it is empty.');
  if (!text.isWellFormed()) throw new StorageError('InvalidKey', 'A path must be valid UTF-8.');
  assertNoTraversal('A name', text.split('/'), capabilities);
  return listedKey(text);
}

/**
 * Parses the prefix of a listing: plain text, used unchanged, so that `ab` matches `ab.csv` and `ab/cd.csv`.
 *
 * @throws StorageError of kind `InvalidKey` for a prefix that leads out of the stage.
 */
export function stagePrefix(text: string, capabilities: NamingCapabilities): string {
  // The last component may continue: `..` is the beginning of `..a`.
  assertNoTraversal('A prefix', text.split('/').slice(0, -1), capabilities);
  return text;
}

/** Removes doubled slashes, which stock clients send by mistake. */
export function withoutExtraSlashes(text: string): string {
  return text.replace(/\/{2,}/g, '/').replace(/^\//, '');
}

type NamingCapabilities = Pick<StorageCapabilities, 'dotComponents'>;

function assertNoTraversal(
  what: string,
  components: readonly string[],
  { dotComponents }: NamingCapabilities,
): void {
  if (dotComponents || !components.some(isTraversal)) return;
  const text = JSON.stringify(components.join('/').toWellFormed());
  throw new StorageError('InvalidKey', `${what} of a file on a disk has no '.' or '..' components: ${text}.`);
}
