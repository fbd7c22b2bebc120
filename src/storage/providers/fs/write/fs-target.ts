import { lstatSync, renameSync } from 'node:fs';
import { link, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { listedAs } from '../../../contract/listed-key.js';
import type { ObjectKey } from '../../../contract/object-key.js';
import { preconditionFailed, assertCondition } from '../../../contract/put-condition.js';
import { StorageError } from '../../../contract/storage-error.js';
import type { PutCondition } from '../../../contract/storage-provider.js';
import type { FsRoot } from '../fs-root.js';
import { type FsPath, nameOf } from '../fs-path.js';
import { errnoOf } from '../fs-storage.errors.js';
import type { HeldDirectory } from '../links/held-directory.js';
import { busyNameError } from '../links/mounted-name.js';
import { objectStat } from '../read/file-stats.js';
import { sharedPathLocks } from './path-locks.js';
import { sharedSyncFs } from '../adaptive-sync-fs.js';

/** Codes of `link` on a file system without hard links. */
const NO_LINKS = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** The final path of a put's object, and the condition on it. */
export class FsTarget {
  readonly directory: string;
  readonly path: string;
  readonly #root: FsRoot;
  readonly #key: ObjectKey;
  readonly #condition: PutCondition | undefined;

  /** @throws StorageError of kind `InvalidKey` for a key that no file may have. */
  constructor(root: FsRoot, key: ObjectKey, condition: PutCondition | undefined) {
    this.#root = root;
    this.#key = key;
    this.path = root.pathOf(key);
    this.#condition = condition;
    this.directory = dirname(this.path);
  }

  /** Checks, before gigabytes are received, everything that would fail the commit. */
  assertAccepted(): void {
    this.#root.assertNotFolded(this.path);
    const directory = this.#heldDirectory();
    try {
      this.#assertReplaceable(directory);
    } finally {
      directory?.close();
    }
  }

  /**
   * Renames the file to its final path if the condition holds. A lock keeps other tasks of this process from the path.
   *
   * @param file the path of the temporary file.
   * @returns the topmost directory that was created for it.
   */
  commit(file: string): Promise<string | undefined> {
    return sharedPathLocks.run(this.path, () => this.commitLocked(file));
  }

  /** As `commit`, for a caller that has the lock of the path. */
  async commitLocked(file: FsPath): Promise<string | undefined> {
    this.#root.assertNotFolded(this.path);
    const directory = this.#heldDirectory();
    try {
      // Before a directory is created: if the object was removed and its directory pruned, no empty directory may stay.
      if (this.#condition?.kind === 'etag') this.#assertReplaceable(directory);
      if (directory !== undefined && (await this.#tryName(file, directory))) return undefined;
    } finally {
      directory?.close();
    }
    return this.#commitIntoNewDirectory(file);
  }

  /** Holds the target directory; undefined if it does not exist. */
  #heldDirectory(): HeldDirectory | undefined {
    try {
      return this.#root.holdToWrite(this.directory);
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }

  async #commitIntoNewDirectory(file: FsPath): Promise<string | undefined> {
    this.#assertDiskMounted(file);
    const topmostCreated = await this.#root.makeDirectory(this.directory);
    const directory = this.#root.holdToWrite(this.directory);
    try {
      await this.#name(file, directory);
      return topmostCreated;
    } catch (error) {
      if (topmostCreated !== undefined) await this.#root.prune(this.directory, topmostCreated);
      throw error;
    } finally {
      directory.close();
    }
  }

  /** @returns false if the directory was removed meanwhile. */
  async #tryName(file: FsPath, directory: HeldDirectory): Promise<boolean> {
    try {
      await this.#name(file, directory);
      return true;
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT') throw error;
      return false;
    }
  }

  /** A missing temporary file means that its disk was unmounted: a directory would be created under the mount point. */
  #assertDiskMounted(file: FsPath): void {
    try {
      lstatSync(file);
    } catch (error) {
      this.#root.assertAvailable();
      throw error;
    }
  }

  async #name(file: FsPath, directory: HeldDirectory): Promise<void> {
    if (this.#condition?.kind === 'absent') await this.#linkAsNew(file, directory);
    else await this.#rename(file, directory);
  }

  /** Uses a hard link, which unlike a rename never replaces another file. */
  async #linkAsNew(file: FsPath, directory: HeldDirectory): Promise<void> {
    try {
      await link(file, directory.pathOf(nameOf(this.path)));
    } catch (error) {
      this.#assertReplaceable(directory);
      // Another file had the name a moment ago, and was removed since.
      if (errnoOf(error) === 'EEXIST') throw preconditionFailed({ kind: 'absent' }, this.#context, error);
      if (!NO_LINKS.has(errnoOf(error) ?? '')) throw error;
      await this.#rename(file, directory);
      return;
    }
    await rm(file);
  }

  async #rename(file: FsPath, directory: HeldDirectory): Promise<void> {
    const name = nameOf(this.path);
    const path = directory.pathOf(name);
    try {
      await sharedSyncFs.run(
        () => {
          renameSync(file, path);
        },
        () => rename(file, path),
      );
    } catch (error) {
      throw busyNameError(error, directory, name);
    }
  }

  /** A directory blocks every put. A link or a device blocks only a put that needs a free name. */
  #assertReplaceable(directory: HeldDirectory | undefined): void {
    const existing = directory && lstatSync(directory.pathOf(nameOf(this.path)), { throwIfNoEntry: false });
    if (existing?.isDirectory() === true) throw occupiedBy('directory');
    const object = existing?.isFile() === true ? objectStat(listedAs(this.#key), existing) : undefined;
    if (existing !== undefined && object === undefined && this.#condition?.kind === 'absent') {
      throw occupiedBy('link or special file');
    }
    assertCondition(this.#condition, object, this.#context);
  }

  get #context(): { operation: string; scheme: string; key: string } {
    return { operation: 'put', scheme: 'fs', key: this.#key };
  }
}

function occupiedBy(what: string): StorageError {
  return new StorageError('AlreadyExists', `A ${what} of that name is in the way.`);
}
