import { isTraversal, objectKey, type ObjectKey } from '../../storage/contract/object-key.js';
import { StorageError } from '../../storage/contract/storage-error.js';

/**
 * A file's key in its stage, from the directory and the name that a client gives. Slashes inside a name are directories;
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
 * A listing's prefix: a plain string, so that `ab` takes `ab.csv` and `ab/cd.csv`.
 *
 * @throws StorageError of kind `InvalidKey` for one that climbs out of the stage.
 */
export function stagePrefix(text: string): string {
  const prefix = withoutExtraSlashes(text);
  if (prefix.split(/[/\\]/).some(isTraversal)) {
    throw new StorageError(
      'InvalidKey',
      `A prefix may not hold '.' or '..' components: ${JSON.stringify(text)}.`,
    );
  }
  return prefix;
}

function withoutExtraSlashes(text: string): string {
  return text.replace(/\/{2,}/g, '/').replace(/^\//, '');
}
