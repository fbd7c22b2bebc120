import { lstatSync, type Stats } from 'node:fs';
import { unlink } from 'node:fs/promises';
import { confirmCommit } from '../../../contract/commit-rejected.js';
import type { ListedKey } from '../../../contract/listed-key.js';
import type { ObjectKey } from '../../../contract/object-key.js';
import { assertSourceVersion, sourceChanged } from '../../../contract/object-source.js';
import { StorageError } from '../../../contract/storage-error.js';
import type { CopyOptions, PutResult } from '../../../contract/storage-provider.js';
import { type FsPath, nameOf, parentOf, pathText } from '../fs-path.js';
import type { FsRoot } from '../fs-root.js';
import { errnoOf, fsStorageError, unlessAbsent } from '../fs-storage.errors.js';
import type { HeldDirectory } from '../links/held-directory.js';
import { busyNameError } from '../links/mounted-name.js';
import { etagOf } from '../read/file-stats.js';
import { committed, syncNewName } from './commit.js';
import { syncDirectories } from './directory-syncs.js';
import { FsTarget } from './fs-target.js';
import { sharedPathLocks } from './path-locks.js';

/** Moves files by a rename: a file keeps its inode and its times, and with them its etag. */
export class FsObjectMover {
  readonly #root: FsRoot;

  constructor(root: FsRoot) {
    this.#root = root;
  }

  /** @param source an existing name; the caller has looked whether its file system takes it for another one. */
  async move(source: ListedKey, key: ObjectKey, options: CopyOptions): Promise<PutResult> {
    const target = new FsTarget(this.#root, key, options.condition);
    const from = this.#root.pathOfListed(source);
    const { size, etag } = this.#versionOf(from, options);
    target.assertAccepted();
    await confirmCommit(options, { size, checksums: {} });
    options.signal?.throwIfAborted();
    const topmostCreated = await committed(() =>
      sharedPathLocks.runBoth(pathText(from), target.path, () => this.#rename(from, target, etag)),
    );
    await syncNewName(target.directory, topmostCreated);
    // After the new name, so that a power cut leaves one of the two, or both.
    const emptied = parentOf(from);
    if (typeof emptied === 'string') await syncDirectories(emptied, emptied);
    return { key, size, checksums: {}, etag };
  }

  #versionOf(from: FsPath, { sourceEtag }: CopyOptions): { readonly size: number; readonly etag: string } {
    const directory = this.#holdSource(from);
    try {
      const stats = statsOfFile(directory.pathOf(nameOf(from)));
      const etag = etagOf(stats);
      assertSourceVersion({ etag }, sourceEtag, { operation: 'move', scheme: 'fs' });
      return { size: stats.size, etag };
    } finally {
      directory.close();
    }
  }

  async #rename(from: FsPath, target: FsTarget, etag: string): Promise<string | undefined> {
    const directory = this.#holdSource(from);
    try {
      const path = directory.pathOf(nameOf(from));
      const stats = statsOfFile(path);
      if (etagOf(stats) !== etag) throw sourceChanged({ operation: 'move', scheme: 'fs' });
      const topmostCreated = await target.commitLocked(path);
      await removeOtherName(path, stats);
      return topmostCreated;
    } catch (error) {
      throw errnoOf(error) === 'EXDEV' ? otherDisk(error) : busyNameError(error, directory, nameOf(from));
    } finally {
      directory.close();
    }
  }

  /** Holds the directory of the source. Where it is missing, so is the source. */
  #holdSource(from: FsPath): HeldDirectory {
    try {
      return this.#root.holdToRead(parentOf(from));
    } catch (error) {
      throw fsStorageError(error, { operation: 'stat' });
    }
  }
}

/** Removes the old name where both were links to one file: a rename then leaves both. */
async function removeOtherName(path: FsPath, { ino, dev }: Stats): Promise<void> {
  const left = unlessAbsent(() => lstatSync(path, { throwIfNoEntry: false }));
  if (left?.ino === ino && left.dev === dev) await unlink(path);
}

function statsOfFile(path: FsPath): Stats {
  const stats = unlessAbsent(() => lstatSync(path, { throwIfNoEntry: false }));
  if (stats?.isFile() === true) return stats;
  throw new StorageError('NotFound', 'There is no such file.');
}

function otherDisk(cause: unknown): StorageError {
  return new StorageError('Unsupported', 'The two names lie on different disks.', {
    context: fsStorageError(cause, { operation: 'move' }).context,
    cause,
  });
}
