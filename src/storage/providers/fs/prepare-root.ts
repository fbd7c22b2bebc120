import { readdir, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { tightenTree } from '../../../common/private-files.js';
import { StorageError } from '../../contract/storage-error.js';
import type { PrepareOptions } from '../../contract/storage-provider-factory.js';
import { modesOf } from './fs-root.js';
import { errnoOf, fsStorageError } from './fs-storage.errors.js';
import { assertWithin } from './links/stage-roots.js';
import { makeDirectories, type NewDirectory } from './make-directories.js';
import { TEMPORARY_DIRECTORY } from './temporary-directory.js';
import { syncDirectories } from './write/directory-syncs.js';

/** Codes of a root that is read-only: it can still be listed and read. */
const NOT_WRITABLE = new Set(['EACCES', 'EPERM', 'EROFS']);

interface RootPreparation extends PrepareOptions {
  /** As in `NewDirectory`. */
  readonly roots: readonly string[];
}

/**
 * Creates a root and marks it with the folder for temporary files.
 *
 * @returns false if the root exists and cannot be marked, because the server may not write to it.
 * @throws StorageError if the root cannot be created.
 */
export async function prepareRoot(path: string, options: RootPreparation): Promise<boolean> {
  const mark = join(path, TEMPORARY_DIRECTORY);
  if (options.hasFiles && !(await exists(mark)) && (await isEmpty(path))) return true;
  const newDirectory = { mode: modesOf(options).directory, roots: options.isPrivate ? [] : options.roots };
  await makeDurably(path, newDirectory).catch((error: unknown) => {
    throw creationError(path, error);
  });
  assertWithin(path, await realpath(path), newDirectory.roots);
  if (options.isPrivate) await tightenTree(await realpath(path));
  try {
    await makeDurably(mark, newDirectory);
    return true;
  } catch (error) {
    if (NOT_WRITABLE.has(errnoOf(error) ?? '')) return false;
    throw creationError(mark, error);
  }
}

async function makeDurably(path: string, options: NewDirectory): Promise<void> {
  const topmost = await makeDirectories(path, options);
  if (topmost !== undefined) await syncDirectories(path, dirname(topmost));
}

/** Is the root empty? An empty directory may be the mount point of an unmounted disk. A backup may omit the mark. */
async function isEmpty(path: string): Promise<boolean> {
  try {
    return (await readdir(path)).every((name) => name === 'lost+found');
  } catch {
    return true; // requests report why it cannot be read
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch {
    return false;
  }
}

function creationError(path: string, cause: unknown): StorageError {
  if (cause instanceof StorageError) return cause;
  const { kind, message, context } = fsStorageError(cause, { operation: 'put' });
  const why = `The directory '${path}' cannot be made: ${message}`;
  return new StorageError(kind, why, { context, cause });
}
