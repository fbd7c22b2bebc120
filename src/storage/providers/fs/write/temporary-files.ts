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

/** Attempts to create a file, because another put can remove the folder before the file is created in it. */
const CREATE_ATTEMPTS = 5;

/** The place of a put's temporary file, as its orphan record stores it. */
export interface TemporaryPlace {
  /** The file's name. Stored orphan records have this field, so it keeps its name. */
  readonly unfinished: string;
  /** The path, below the root, of the directory of another mount that contains the folder; absent: the root itself. */
  readonly beside?: string;
  /** Present if the put creates the folder: it is removed with its last file. */
  readonly isNewFolder?: 'yes';
}

/**
 * The temporary files of puts. They are in the root, or in the deepest directory of another file system that is mounted below it,
 * so that a rename can move them into place.
 */
export class TemporaryFiles {
  readonly #root: FsRoot;
  readonly #reach: RenameReach;
  /** Folders on other mounts that puts of this process have created. */
  readonly #createdFolders = new Set<string>();

  constructor(root: FsRoot) {
    this.#root = root;
    this.#reach = new RenameReach(root);
  }

  /**
   * Chooses the place for a file, without creating anything.
   *
   * @param directory the directory into which the file will be renamed.
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
   * Returns the path of a created file. No directory is held for it: the file name is a new UUID, so a link in place of its folder
   * leads to no file of that name.
   */
  pathOf(place: TemporaryPlace): string {
    return join(this.#folderOf(place), basename(place.unfinished));
  }

  /** @throws StorageError of kind `Unavailable` if the root is missing. */
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
   * Removes the file of a put that has ended; another put may still use the folder.
   *
   * @throws StorageError of kind `Unavailable` if its disk is no longer mounted.
   */
  async discard(place: TemporaryPlace): Promise<void> {
    await this.#remove(place);
    await this.releaseFolder(place);
  }

  /** Removes the folder if this process has created it and it is empty. */
  async releaseFolder(place: TemporaryPlace): Promise<void> {
    const folder = this.#folderOf(place);
    if (this.#createdFolders.has(folder) && (await this.#removeFolder(folder)))
      this.#createdFolders.delete(folder);
  }

  /** Forgets cached mounts, which have changed during a put. */
  forgetMounts(): void {
    this.#reach.forget();
  }

  /**
   * Removes the file that a put of this process or another one has recorded.
   *
   * @throws StorageError of kind `Unavailable` if its disk is not mounted.
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

  /** Creates the folder; if another put was first, does nothing. */
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

  /** @returns false if the folder is not empty, or cannot be removed: listings hide it, so it may stay. */
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
