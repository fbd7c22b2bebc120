import { lstatSync } from 'node:fs';
import { mkdir, rm, rmdir } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import type { Orphan } from '../../../contract/orphan.js';
import { StorageError } from '../../../contract/storage-error.js';
import { type FsRoot, isUnusable } from '../fs-root.js';
import { errnoOf, unlessAbsent } from '../fs-storage.errors.js';
import { TEMPORARY_DIRECTORY } from '../temporary-directory.js';
import { syncDirectories } from './directory-syncs.js';
import { RenameReach } from './rename-reach.js';
import { TemporaryFile } from './temporary-file.js';

/** A directory can go, with the last of another put, before a file is made in it; it is made again so many times. */
const CREATE_ATTEMPTS = 5;

/** Where a put's temporary file lies, as its note has it. */
export interface TemporaryPlace {
  /** The file's name. */
  readonly unfinished: string;
  /** The directory of another mount in which its folder lies, below the root; absent: the root itself. */
  readonly beside?: string;
  /** The folder was not there before: it goes with its last file. */
  readonly isNewFolder?: 'yes';
}

/**
 * The temporary files of puts. They lie in the root, and where another file system is mounted below it, in the deepest
 * directory there: a rename must be able to give them their names.
 */
export class TemporaryFiles {
  readonly #root: FsRoot;
  readonly #reach: RenameReach;
  /** Folders on other mounts that puts of this process have made. */
  readonly #createdFolders = new Set<string>();

  constructor(root: FsRoot) {
    this.#root = root;
    this.#reach = new RenameReach(root);
  }

  /**
   * Nothing is made yet.
   *
   * @param directory into which the file is going to be renamed.
   */
  placeFor(directory: string, unfinished: string): TemporaryPlace {
    const mountedDirectory = this.#reach.findUnreachable(directory);
    if (mountedDirectory === undefined) return { unfinished };
    this.#root.holdToWrite(mountedDirectory).close();
    const beside = relative(this.#root.path, mountedDirectory);
    const folder = join(mountedDirectory, TEMPORARY_DIRECTORY);
    const isNew = this.#createdFolders.has(folder) || !exists(folder);
    return isNew ? { unfinished, beside, isNewFolder: 'yes' } : { unfinished, beside };
  }

  /**
   * Where the file lies that has been made. No directory is held for it: a link in the place of its folder leads to nothing of
   * that name, which is made up anew for each file.
   */
  pathOf(place: TemporaryPlace): string {
    return join(this.#folderOf(place), basename(place.unfinished));
  }

  /** @throws StorageError of kind `Unavailable` where the root is not there. */
  async create(place: TemporaryPlace): Promise<TemporaryFile> {
    const { file: mode } = this.#root.modes;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#createIn(this.#folderOf(place), place, mode);
      } catch (error) {
        if (errnoOf(error) !== 'ENOENT' || attempt === CREATE_ATTEMPTS) throw error;
      }
      this.#root.assertAvailable();
      await this.#makeFolder(this.#folderOf(place), place);
    }
  }

  /**
   * Of a put that is over: another one may still use the folder.
   *
   * @throws StorageError of kind `Unavailable` where its disk is not mounted any more.
   */
  async discard(place: TemporaryPlace): Promise<void> {
    await this.#remove(place);
    await this.releaseFolder(place);
  }

  /** The file has its name by now. */
  async releaseFolder(place: TemporaryPlace): Promise<void> {
    const folder = this.#folderOf(place);
    if (this.#createdFolders.has(folder) && (await this.#removeFolder(folder)))
      this.#createdFolders.delete(folder);
  }

  /** What was mounted where has changed while a put went on. */
  forgetMounts(): void {
    this.#reach.forget();
  }

  /**
   * What a put has noted, in this process or another one.
   *
   * @throws StorageError of kind `Unavailable` where its disk is not mounted.
   */
  async removeOrphan({ unfinished = '', beside = '', isNewFolder }: Orphan): Promise<void> {
    if (beside !== '' && beside.split('/').some(isUnusable)) {
      throw new StorageError('InvalidKey', 'The note of a temporary file leads out of the root.');
    }
    const place = { unfinished, beside };
    await this.#remove(place);
    if (isNewFolder === 'yes') await this.#removeFolder(this.#folderOf(place));
  }

  async #remove(place: TemporaryPlace): Promise<void> {
    this.#root.assertAvailable();
    const { beside = '' } = place;
    const path = this.pathOf(place);
    if (beside !== '' && !exists(path)) this.#assertMounted(beside);
    await rm(path, { force: true });
  }

  async #createIn(folder: string, { unfinished }: TemporaryPlace, mode: number): Promise<TemporaryFile> {
    const held = this.#root.holdToWrite(folder);
    try {
      return await TemporaryFile.create(held.pathOf(basename(unfinished)), mode);
    } finally {
      held.close();
    }
  }

  #folderOf({ beside = '' }: TemporaryPlace): string {
    return join(this.#root.path, beside, TEMPORARY_DIRECTORY);
  }

  #assertMounted(beside: string): void {
    const directory = join(this.#root.path, beside);
    if (this.#reach.findUnreachable(directory) === directory) return;
    const message = `The directory '${directory}' is not the one on which a temporary file lies: is its disk mounted?`;
    throw new StorageError('Unavailable', message, { context: { scheme: 'fs' } });
  }

  /** One that has gone, with the directory that held it, is made again by whoever makes the directory. */
  async #makeFolder(folder: string, { beside }: TemporaryPlace): Promise<void> {
    const parent = this.#root.holdToWrite(dirname(folder));
    try {
      await mkdir(parent.pathOf(TEMPORARY_DIRECTORY), this.#root.modes.directory);
    } catch (error) {
      if (errnoOf(error) === 'EEXIST') return;
      throw error;
    } finally {
      parent.close();
    }
    if (beside !== undefined) this.#createdFolders.add(folder);
    await syncDirectories(dirname(folder), dirname(folder));
  }

  /** @returns false where it holds something, or cannot be removed: it is not to be seen, and may stay. */
  async #removeFolder(folder: string): Promise<boolean> {
    try {
      const parent = this.#root.holdToWrite(dirname(folder));
      try {
        await rmdir(parent.pathOf(TEMPORARY_DIRECTORY));
      } finally {
        parent.close();
      }
      return true;
    } catch (error) {
      return errnoOf(error) === 'ENOENT';
    }
  }
}

function exists(path: string): boolean {
  return unlessAbsent(() => lstatSync(path, { throwIfNoEntry: false })) !== undefined;
}
