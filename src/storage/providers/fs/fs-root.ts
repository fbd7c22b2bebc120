import { mkdir, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PRIVATE_DIRECTORY_MODE, PRIVATE_FILE_MODE } from '../../../common/private-files.js';
import type { ListedKey } from '../../contract/listed-key.js';
import { isTraversal, type ObjectKey } from '../../contract/object-key.js';
import { StorageError } from '../../contract/storage-error.js';
import { type FsPath, nameOf, parentOf, pathBelow } from './fs-path.js';
import { FoldedNames } from './folded-names.js';
import type { HeldDirectory } from './links/held-directory.js';
import { LinkFreePaths } from './links/link-free-paths.js';
import { busyNameError } from './links/mounted-name.js';
import { RootCheck } from './root-check.js';
import { TEMPORARY_DIRECTORY } from './temporary-directory.js';
import { errnoOf } from './fs-storage.errors.js';

/** Properties of a root besides its path. */
export interface RootOptions {
  /** Was the root marked when the stage was created? Then a directory without the mark is not the root. */
  readonly isMarked?: boolean | undefined;
  /** Deny other users of this machine read access? */
  readonly isPrivate?: boolean | undefined;
  /** Directories of which one must contain the root, with links resolved; empty: anywhere. */
  readonly roots?: readonly string[] | undefined;
}

/** Modes of new files and directories. */
export interface Modes {
  readonly file: number;
  readonly directory: number;
}

/** In a root that is not private the umask of the process decides, because loaders read there. */
const SHARED: Modes = { file: 0o666, directory: 0o777 };
const PRIVATE: Modes = { file: PRIVATE_FILE_MODE, directory: PRIVATE_DIRECTORY_MODE };

export function modesOf({ isPrivate = false }: RootOptions): Modes {
  return isPrivate ? PRIVATE : SHARED;
}

/** The directory of a store's objects. Maps keys to paths, and never to a path outside. */
export class FsRoot {
  readonly path: string;
  readonly modes: Modes;
  readonly #folded: FoldedNames;
  readonly #check: RootCheck;
  readonly #links: LinkFreePaths;

  constructor(path: string, options: RootOptions = {}) {
    this.path = path;
    this.modes = modesOf(options);
    this.#folded = new FoldedNames(path);
    this.#check = new RootCheck(path, options.isMarked ?? false);
    this.#links = new LinkFreePaths(path, this.#folded, options);
  }

  /**
   * @returns the file system (`st_dev`) of the root's temporary files.
   * @throws StorageError of kind `Unavailable` if the root is missing, or is not the one that was set up.
   */
  assertAvailable(): number {
    return this.#check.assertAvailable();
  }

  /** Returns the path for an uploaded object. @throws StorageError of kind `InvalidKey` for a key that no file may have. */
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
   * Returns the path of a listed file. Another program may have created a file with the reserved name; only folders of that name are
   * this service's.
   *
   * @throws StorageError of kind `InvalidKey` for a name that leads elsewhere, of kind `NotFound` for a name that no file can have.
   */
  pathOfListed(key: ListedKey): FsPath {
    const components = key.split('/');
    const forbidden = components.find(isTraversal) ?? components.slice(0, -1).find(isReserved);
    if (forbidden !== undefined) {
      const message = `On a disk no file's name has a component ${JSON.stringify(forbidden)}`;
      throw new StorageError('InvalidKey', `${message}: ${JSON.stringify(key)}.`);
    }
    const path = components.some(isUnnamable) ? undefined : pathBelow(this.path, key);
    if (path !== undefined) return path;
    throw new StorageError('NotFound', 'There is no such file: on a disk none can have that name.');
  }

  /** The real path of the root, for holding directories below it; undefined if no other user can write there. */
  get heldRoot(): string | undefined {
    return this.#links.holds ? this.#links.realRoot : undefined;
  }

  /**
   * Holds a directory for reading. Files behind a symbolic link are no objects, as in a listing. The caller closes the directory.
   *
   * @throws StorageError of kind `NotFound` if the path contains a link; the error of `open` if the directory is missing.
   */
  holdToRead(directory: FsPath): HeldDirectory {
    const held = this.#links.hold(directory);
    if (held !== undefined) return held;
    throw new StorageError('NotFound', 'There is no such file: the path leads through a symbolic link.');
  }

  /**
   * Holds a directory in which a name is to be created or removed. The caller closes the directory.
   *
   * @throws StorageError of kind `AlreadyExists` if the path contains a link; the error of `open` if the directory is missing.
   */
  holdToWrite(directory: FsPath): HeldDirectory {
    const held = this.#links.hold(directory);
    if (held !== undefined) return held;
    throw new StorageError(
      'AlreadyExists',
      'A symbolic link is in the way, where the path needs a directory.',
    );
  }

  /**
   * Checks a path to read: the file system must not match it to a file of another name.
   *
   * @throws StorageError of kind `NotFound`.
   */
  assertExact(path: FsPath): void {
    const other = this.#folded.firstOn(path);
    if (other === undefined) return;
    throw new StorageError(
      'NotFound',
      `There is no such file: this file system takes ${JSON.stringify(other)} for another name.`,
    );
  }

  /**
   * Checks a path to write: the file system must not match it to a file of another name.
   *
   * @throws StorageError of kind `AlreadyExists`.
   */
  assertNotFolded(path: FsPath): void {
    const other = this.#folded.firstOn(path);
    if (other === undefined) return;
    const message = `This file system takes ${JSON.stringify(other)} for the name of something else that is there.`;
    throw new StorageError('AlreadyExists', message);
  }

  /** Creates a directory in the root with its missing parents. @returns the topmost directory that was created. */
  async makeDirectory(directory: string): Promise<string | undefined> {
    try {
      return await this.#makeOne(directory);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT' || directory.length <= this.path.length) throw error;
    }
    const topmost = await this.makeDirectory(dirname(directory));
    try {
      const created = await this.#makeOne(directory);
      return topmost ?? created;
    } catch (error) {
      if (topmost !== undefined) await this.prune(dirname(directory), topmost);
      throw error;
    }
  }

  /** Removes empty directories upwards, as an object store has none. @param topmost the last to go; the root never goes. */
  async prune(emptied: FsPath, topmost?: FsPath): Promise<void> {
    const rootLength = typeof emptied === 'string' ? this.path.length : Buffer.byteLength(this.path);
    const shortest = topmost?.length ?? rootLength + 1;
    for (let directory = emptied; directory.length >= shortest; directory = parentOf(directory)) {
      try {
        await this.removeEmpty(directory);
      } catch {
        return; // not empty, or created again by an upload: it stays
      }
    }
  }

  /** Removes an empty directory, but no link in its place. */
  async removeEmpty(directory: FsPath): Promise<void> {
    const parent = this.holdToRead(parentOf(directory));
    try {
      await rmdir(parent.pathOf(nameOf(directory)));
    } catch (error) {
      throw busyNameError(error, parent, nameOf(directory));
    } finally {
      parent.close();
    }
  }

  async #makeOne(directory: string): Promise<string | undefined> {
    if (directory.length <= this.path.length) return undefined;
    const parent = this.holdToWrite(dirname(directory));
    try {
      await mkdir(parent.pathOf(nameOf(directory)), this.modes.directory);
      return directory;
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
      this.holdToWrite(directory).close(); // fails for a link without a target
      return undefined;
    } finally {
      parent.close();
    }
  }
}

/** Can no key contain the component? It is empty, `.`, `..`, or the reserved folder for temporary files. */
export function isUnusable(component: string): boolean {
  return isReserved(component) || isUnnamable(component);
}

function isReserved(component: string): boolean {
  return component === TEMPORARY_DIRECTORY;
}

function isUnnamable(component: string): boolean {
  return component === '' || isTraversal(component) || component.includes('\0');
}
