import { isTraversal, objectKey, type ObjectKey } from '../../storage/contract/object-key.js';
import { type ListedKey, listedKey } from '../../storage/contract/listed-key.js';
import { StorageError } from '../../storage/contract/storage-error.js';
import type { StorageCapabilities } from '../../storage/contract/storage-provider.js';

/**
 * The key that an upload asks for in its stage, from the directory and the name that a client gives. Slashes inside a name are directories;
 * leading ones are trimmed and runs of them count as one, because stock clients really send `//a.parquet`.
 *
 * @throws StorageError of kind `InvalidKey` that says what to change.
 */
export function stageFileKey(directory: string, fileName: string): ObjectKey {
  const name = withoutExtraSlashes(fileName);
  if (name === '') throw new StorageError('InvalidKey', 'A path must name a file: the file name is empty.');
  const parent = withoutExtraSlashes(directory).replace(/\/$/, '');
  return objectKey(parent === '' ? name : `${parent}/${name}`);
}

/**
 * The name of a file that is there, taken as it is written.
 *
 * @throws StorageError of kind `InvalidKey` for one that names no file, or would lead elsewhere on this kind of storage.
 */
export function stageFileName(text: string, capabilities: NamingCapabilities): ListedKey {
  if (text === '') throw new StorageError('InvalidKey', 'A path must name a file: it is empty.');
  if (!text.isWellFormed()) throw new StorageError('InvalidKey', 'A path must be valid UTF-8.');
  assertNoTraversal('A name', text.split('/'), capabilities);
  return listedKey(text);
}

/**
 * A listing's prefix: a plain string, taken as it is written, so that `ab` takes `ab.csv` and `ab/cd.csv`.
 *
 * @throws StorageError of kind `InvalidKey` for one that climbs out of the stage.
 */
export function stagePrefix(text: string, capabilities: NamingCapabilities): string {
  // What the last component begins may be longer: `..` is the beginning of `..a`.
  assertNoTraversal('A prefix', text.split('/').slice(0, -1), capabilities);
  return text;
}

/** What stock clients mean by a path in which they have doubled slashes. */
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
