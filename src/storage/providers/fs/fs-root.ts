import { realpathSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { isTraversal, type ObjectKey } from '../../contract/object-key.js';
import { StorageError } from '../../contract/storage-error.js';
import { unlessAbsent } from './fs-storage.errors.js';

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

  /** The path of an upload that is not finished. */
  unfinishedFile(name: string): string {
    return join(this.path, UNFINISHED_DIRECTORY, basename(name));
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
   * Refuses a directory that is reached through a symbolic link below the root: what lies behind one is no object of this
   * store, as in a listing. What does not exist yet is judged by its nearest ancestor that does.
   *
   * @throws StorageError of kind `NotFound`.
   */
  refuseLinks(directory: string): void {
    for (let path = directory; path.length >= this.path.length; path = dirname(path)) {
      const real = realPathIfThere(path);
      if (real !== undefined) {
        this.#realPath ??= realpathSync.native(this.path);
        if (real === join(this.#realPath, relative(this.path, path))) return;
        throw new StorageError('NotFound', 'There is no such file: the path leads through a symbolic link.');
      }
      if (path === dirname(path)) return;
    }
  }

  /** Makes a directory in the root; returns the topmost one that was not there before. */
  async makeDirectory(directory: string): Promise<string | undefined> {
    this.refuseLinks(directory);
    return mkdir(directory, { recursive: true });
  }
}

/** Can a key hold it? An empty component or one that climbs is no key's, and one is kept for what is not finished. */
export function isUnusable(component: string): boolean {
  const isReserved = component === UNFINISHED_DIRECTORY;
  return isReserved || component === '' || isTraversal(component) || component.includes('\0');
}

/** Not awaited: the kernel knows it, and a thread's round trip costs ten times as much. */
function realPathIfThere(path: string): string | undefined {
  return unlessAbsent(() => realpathSync.native(path));
}
