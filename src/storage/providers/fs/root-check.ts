import { type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { StorageError } from '../../contract/storage-error.js';
import { errnoOf, fsStorageError, unlessAbsent } from './fs-storage.errors.js';
import { TEMPORARY_DIRECTORY } from './temporary-directory.js';

/**
 * Checks that the root is the directory that the stage was created with. The folder for temporary files marks it: a directory
 * without one may be the mount point of a disk that is not mounted.
 */
export class RootCheck {
  readonly #path: string;
  #isMarked: boolean;

  /** @param isMarked whether the root was marked when the stage was created. Once seen, the mark must stay. */
  constructor(path: string, isMarked: boolean) {
    this.#path = path;
    this.#isMarked = isMarked;
  }

  /**
   * @returns the file system (`st_dev`) of the temporary files.
   * @throws StorageError of kind `Unavailable` if the root is missing, or has lost its mark.
   */
  assertAvailable(): number {
    const mark = this.#stats(join(this.#path, TEMPORARY_DIRECTORY));
    if (mark?.isDirectory() === true) {
      this.#isMarked = true;
      return mark.dev;
    }
    const root = this.#stats(this.#path);
    if (root?.isDirectory() !== true) throw this.#missing();
    if (this.#isMarked) throw this.#unmarked();
    return root.dev;
  }

  #stats(path: string): Stats | undefined {
    try {
      return unlessAbsent(() => statSync(path, { throwIfNoEntry: false }));
    } catch (error) {
      if (errnoOf(error) !== 'EACCES') throw error;
      const message = `The server's user may not look into the directory '${this.#path}'`;
      throw new StorageError('PermissionDenied', `${message}: give it the right to (chmod, chown).`, {
        context: fsStorageError(error, {}).context,
        cause: error,
      });
    }
  }

  #missing(): StorageError {
    const message = `The directory '${this.#path}' is not there: is its disk mounted? If it is to begin empty, make it.`;
    return new StorageError('Unavailable', message, { context: { scheme: 'fs' } });
  }

  #unmarked(): StorageError {
    const message =
      `The directory '${this.#path}' is not the one that was set up for these files: is its disk mounted? ` +
      `If it is the right one, make the directory '${TEMPORARY_DIRECTORY}' in it.`;
    return new StorageError('Unavailable', message, { context: { scheme: 'fs' } });
  }
}
