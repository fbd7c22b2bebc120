import { dirname } from 'node:path';
import { errnoOf } from '../fs-storage.errors.js';
import { syncDirectories } from './directory-syncs.js';

/** Attempts to commit, because a removal can prune the directory between its creation and the rename into it. */
const COMMIT_ATTEMPTS = 5;

/** Repeats a commit whose directory was pruned. @returns the topmost directory that was created for it. */
export async function committed(commit: () => Promise<string | undefined>): Promise<string | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await commit();
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT' || attempt === COMMIT_ATTEMPTS) throw error;
    }
  }
}

/** Makes a new name in a directory durable, and the directories that were created for it. */
export function syncNewName(directory: string, topmostCreated: string | undefined): Promise<void> {
  return syncDirectories(directory, topmostCreated === undefined ? directory : dirname(topmostCreated));
}
