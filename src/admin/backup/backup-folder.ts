import { readdir, realpath } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { makePrivateDirectory } from '../../common/private-files.js';
import { failed } from '../admin-error.js';
import { syncFolder } from './durable-files.js';
import { isUnfinished } from './manifest.js';

/** Creates the folder of a backup. @throws AdminError if it is not empty: no backup is ever overwritten. */
export async function prepareFolder(folder: string): Promise<void> {
  makePrivateDirectory(folder);
  const names = await readdir(folder);
  if (isUnfinished(names)) {
    throw failed(
      `${folder} holds a backup that was cut off while it was made. Remove it, or name another folder.`,
    );
  }
  if (names.length > 0) {
    throw failed(`${folder} is not empty: a backup is made into a new folder, and overwrites nothing.`);
  }
  await syncFolder(dirname(folder));
}

/**
 * Rejects a backup folder inside the files to back up: the backup would contain itself, and appear as files of a stage.
 *
 * @param files the folder of the internal storage.
 * @throws AdminError if the backup's folder lies in it.
 */
export async function assertOutside(files: string, folder: string): Promise<void> {
  if (!(await realPathOf(folder)).startsWith(join(await realPathOf(files), '/'))) return;
  throw failed(`${folder} lies within the files of the stages (${files}). Name a folder outside.`);
}

/** Resolves links in a path whose last components need not exist. */
async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isAbsent || path === dirname(path)) throw error;
  }
  return join(await realPathOf(dirname(path)), basename(path));
}
