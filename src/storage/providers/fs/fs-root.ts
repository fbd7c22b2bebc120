import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PRIVATE_DIRECTORY_MODE, PRIVATE_FILE_MODE } from '../../../common/private-files.js';
import type { ListedKey } from '../../contract/listed-key.js';
import { isTraversal, type ObjectKey } from '../../contract/object-key.js';
import { StorageError } from '../../contract/storage-error.js';
import { type FsPath, nameOf, pathBelow } from './fs-path.js';
import { FoldedNames } from './folded-names.js';
import type { HeldDirectory } from './links/held-directory.js';
import { LinkFreePaths } from './links/link-free-paths.js';
import { RootCheck } from './root-check.js';
import { TEMPORARY_DIRECTORY } from './temporary-directory.js';
import { errnoOf } from './fs-storage.errors.js';

/** What is known of a root besides its path. */
export interface RootOptions {
  /** Was it marked when the stage was made? Then it is not the root without the mark. */
  readonly isMarked?: boolean | undefined;
  /** May no other user of this machine read what lies in it? */
  readonly isPrivate?: boolean | undefined;
  /** Directories in one of which it must lie, links resolved; empty: anywhere. */
  readonly roots?: readonly string[] | undefined;
}

/** Of what is made anew. */
export interface Modes {
  readonly file: number;
  readonly directory: number;
}

/** Where it is not private, the process's umask decides: loaders read there. */
const SHARED: Modes = { file: 0o666, directory: 0o777 };
const PRIVATE: Modes = { file: PRIVATE_FILE_MODE, directory: PRIVATE_DIRECTORY_MODE };

export function modesOf({ isPrivate = false }: RootOptions): Modes {
  return isPrivate ? PRIVATE : SHARED;
}

/** The directory that holds a store's objects: from keys to paths, and never to a path outside. */
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
   * @returns the file system (`st_dev`) on which temporary files of the root lie.
   * @throws StorageError of kind `Unavailable` where the root is not there, or is not the one that was set up.
   */
  assertAvailable(): number {
    return this.#check.assertAvailable();
  }

  /** Where an upload's object goes. @throws StorageError of kind `InvalidKey` for a key that no file here may have. */
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
   * Where the file of that name lies. Others can have given one the reserved name: only what lies in a folder of that name is ours.
   *
   * @throws StorageError of kind `InvalidKey` for a name that leads elsewhere, of kind `NotFound` for one that no file can have.
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

  /** Where it really lies, for who is to hold directories below it; undefined where nobody else can write. */
  get heldRoot(): string | undefined {
    return this.#links.holds ? this.#links.realRoot : undefined;
  }

  /**
   * Holds a directory to read in it. What lies behind a symbolic link is no object of this store, as in a listing. Whoever gets
   * it closes it.
   *
   * @throws StorageError of kind `NotFound` where a link leads there; as `open` does, where it is not there.
   */
  holdToRead(directory: FsPath): HeldDirectory {
    const held = this.#links.hold(directory);
    if (held !== undefined) return held;
    throw new StorageError('NotFound', 'There is no such file: the path leads through a symbolic link.');
  }

  /**
   * Holds a directory in which a name is to be made or taken.
   *
   * @throws StorageError of kind `AlreadyExists` where a link leads there; as `open` does, where it is not there.
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
   * Refuses to read by a name that the file system would take for another one.
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
   * Refuses to write where the file system would take a name for that of something else.
   *
   * @throws StorageError of kind `AlreadyExists`.
   */
  assertNotFolded(path: FsPath): void {
    const other = this.#folded.firstOn(path);
    if (other === undefined) return;
    const message = `This file system takes ${JSON.stringify(other)} for the name of something else that is there.`;
    throw new StorageError('AlreadyExists', message);
  }

  /** Makes a directory in the root, with those above it; returns the topmost one that was not there before. */
  async makeDirectory(directory: string): Promise<string | undefined> {
    try {
      return await this.#makeOne(directory);
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT' || directory.length <= this.path.length) throw error;
    }
    const topmost = await this.makeDirectory(dirname(directory));
    const created = await this.#makeOne(directory);
    return topmost ?? created;
  }

  async #makeOne(directory: string): Promise<string | undefined> {
    if (directory.length <= this.path.length) return undefined;
    const parent = this.holdToWrite(dirname(directory));
    try {
      await mkdir(parent.pathOf(nameOf(directory)), this.modes.directory);
      return directory;
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST') throw error;
      this.holdToWrite(directory).close(); // a link that leads nowhere is not there
      return undefined;
    } finally {
      parent.close();
    }
  }
}

/** Can no key hold it? An empty component or one that climbs is no key's, and one is kept for what is not finished. */
export function isUnusable(component: string): boolean {
  return isReserved(component) || isUnnamable(component);
}

function isReserved(component: string): boolean {
  return component === TEMPORARY_DIRECTORY;
}

function isUnnamable(component: string): boolean {
  return component === '' || isTraversal(component) || component.includes('\0');
}
