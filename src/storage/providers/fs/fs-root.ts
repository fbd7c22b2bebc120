import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { PRIVATE_DIRECTORY_MODE, PRIVATE_FILE_MODE } from '../../../common/private-files.js';
import type { ListedKey } from '../../contract/listed-key.js';
import { isTraversal, type ObjectKey } from '../../contract/object-key.js';
import { StorageError } from '../../contract/storage-error.js';
import { type FsPath, isSamePath, parentOf, pathBelow } from './fs-path.js';
import { FoldedNames } from './folded-names.js';
import { makeDirectories } from './make-directories.js';
import { RootCheck } from './root-check.js';
import { UNFINISHED_DIRECTORY } from './unfinished-directory.js';
import { unlessAbsent } from './fs-storage.errors.js';

/** What is known of a root besides its path. */
export interface RootOptions {
  /** Was it marked when the stage was made? Then it is not the root without the mark. */
  readonly isMarked?: boolean | undefined;
  /** May no other user of this machine read what lies in it? */
  readonly isPrivate?: boolean | undefined;
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
  #realPath: string | undefined;

  constructor(path: string, options: RootOptions = {}) {
    this.path = path;
    this.modes = modesOf(options);
    this.#folded = new FoldedNames(path);
    this.#check = new RootCheck(path, options.isMarked ?? false);
  }

  /**
   * @returns the file system (`st_dev`) on which temporary files of the root lie.
   * @throws StorageError of kind `Unavailable` where the root is not there, or is not the one that was set up.
   */
  requireThere(): number {
    return this.#check.require();
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

  /**
   * Refuses a directory that is reached through a symbolic link below the root: what lies behind one is no object of this
   * store, as in a listing. What does not exist yet is judged by its nearest ancestor that does.
   *
   * @throws StorageError of kind `NotFound`.
   */
  requireNoLinks(directory: FsPath): void {
    if (!this.#leadsThroughLink(directory)) return;
    throw new StorageError('NotFound', 'There is no such file: the path leads through a symbolic link.');
  }

  /**
   * The same of a directory that is to be written to.
   *
   * @throws StorageError of kind `AlreadyExists`.
   */
  refuseLinks(directory: FsPath): void {
    if (!this.#leadsThroughLink(directory)) return;
    throw new StorageError(
      'AlreadyExists',
      'A symbolic link is in the way, where the path needs a directory.',
    );
  }

  #leadsThroughLink(directory: FsPath): boolean {
    const rootLength = typeof directory === 'string' ? this.path.length : Buffer.byteLength(this.path);
    for (let path = directory; path.length >= rootLength; path = parentOf(path)) {
      const real = realPathIfThere(path);
      if (real !== undefined) return !isSamePath(real, this.#withoutLinks(path, rootLength));
      if (path.length <= 1) return false;
    }
    return false;
  }

  /**
   * Refuses to read by a name that the file system would take for another one.
   *
   * @throws StorageError of kind `NotFound`.
   */
  requireExact(path: FsPath): void {
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
  refuseFolded(path: FsPath): void {
    const other = this.#folded.firstOn(path);
    if (other === undefined) return;
    const message = `This file system takes ${JSON.stringify(other)} for the name of something else that is there.`;
    throw new StorageError('AlreadyExists', message);
  }

  /** Makes a directory in the root; returns the topmost one that was not there before. */
  async makeDirectory(directory: string): Promise<string | undefined> {
    this.refuseLinks(directory);
    return makeDirectories(directory, this.modes.directory);
  }

  /** What the real path of one below the root is where no link leads on the way. */
  #withoutLinks(path: FsPath, rootLength: number): FsPath {
    this.#realPath ??= realpathSync.native(this.path);
    if (typeof path === 'string') return join(this.#realPath, path.slice(rootLength));
    return Buffer.concat([Buffer.from(this.#realPath), path.subarray(rootLength)]);
  }
}

/** Can no key hold it? An empty component or one that climbs is no key's, and one is kept for what is not finished. */
export function isUnusable(component: string): boolean {
  return isReserved(component) || isUnnamable(component);
}

function isReserved(component: string): boolean {
  return component === UNFINISHED_DIRECTORY;
}

function isUnnamable(component: string): boolean {
  return component === '' || isTraversal(component) || component.includes('\0');
}

/** Not awaited: the kernel knows it, and a thread's round trip costs ten times as much. */
function realPathIfThere(path: FsPath): FsPath | undefined {
  return unlessAbsent(() =>
    typeof path === 'string' ? realpathSync.native(path) : realpathSync.native(path, { encoding: 'buffer' }),
  );
}
