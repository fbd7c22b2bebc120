import { mkdir, realpath } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { isTraversal, type ObjectKey } from '../../contract/object-key.js';
import { StorageError } from '../../contract/storage-error.js';
import { errnoOf } from './fs-storage.errors.js';

/**
 * In it lie uploads that are not finished. It is in the root itself, so that a finished one can be renamed into place
 * within one file system. No key may hold it at any depth: one root may lie in another.
 */
export const UNFINISHED_DIRECTORY = '.stagedoor-unfinished';

/** The directory that holds a store's objects: from keys to paths, and never to a path outside. */
export class FsRoot {
  readonly path: string;
  #realPath: string | undefined;

  constructor(path: string) {
    this.path = path;
  }

  get unfinishedPath(): string {
    return join(this.path, UNFINISHED_DIRECTORY);
  }

  /** @throws StorageError of kind `InvalidKey` for a key that no file here may have. */
  pathOf(key: ObjectKey): string {
    const components = key.split('/');
    if (components.some(isUnusable)) {
      throw new StorageError(
        'InvalidKey',
        `The name is reserved or cannot be a path: ${JSON.stringify(key)}.`,
      );
    }
    return join(this.path, key);
  }

  /**
   * Refuses a directory that a symbolic link has led out of the root. What does not exist yet is judged by its nearest
   * ancestor that does.
   */
  async refuseOutside(directory: string): Promise<void> {
    const real = await nearestRealPath(directory, this.path);
    this.#realPath ??= real === undefined ? undefined : await realpath(this.path);
    if (real === undefined || this.#realPath === undefined) return;
    if (real !== this.#realPath && !real.startsWith(this.#realPath === sep ? sep : this.#realPath + sep)) {
      throw new StorageError('NotFound', 'There is no such file: a symbolic link leads out of the stage.');
    }
  }

  /** Makes a directory in the root; returns the topmost one that was not there before. */
  async makeDirectory(directory: string): Promise<string | undefined> {
    await this.refuseOutside(directory);
    return mkdir(directory, { recursive: true });
  }
}

function isUnusable(component: string): boolean {
  const isReserved = component === UNFINISHED_DIRECTORY;
  return isReserved || component === '' || isTraversal(component) || component.includes('\0');
}

async function nearestRealPath(directory: string, root: string): Promise<string | undefined> {
  for (let path = directory; path.length >= root.length; path = dirname(path)) {
    try {
      return await realpath(path);
    } catch (error) {
      // ENOTDIR: an object lies where the path has a directory. Its own directory is then the judge.
      if (errnoOf(error) !== 'ENOENT' && errnoOf(error) !== 'ENOTDIR') throw error;
    }
    if (path === dirname(path)) break;
  }
  return undefined;
}
