import { closeSync, constants, openSync, readFileSync } from 'node:fs';
import { StorageError } from '../../../contract/storage-error.js';
import type { FsPath } from '../fs-path.js';
import { errnoOf, unlessAbsent } from '../fs-storage.errors.js';
import { type HeldDirectory, KNOWS_HANDLES, O_PATH } from './held-directory.js';

/**
 * Explains EBUSY of a name that was to be replaced or removed: the kernel refuses both while something is mounted there, and no
 * repetition mends that.
 *
 * @returns other errors unchanged.
 */
export function busyNameError(error: unknown, directory: HeldDirectory, name: FsPath): unknown {
  if (errnoOf(error) !== 'EBUSY' || !isMountPoint(directory, name)) return error;
  return new StorageError(
    'AlreadyExists',
    'Something is mounted at that name: it can be replaced or removed once it is unmounted.',
    { context: { scheme: 'fs', errno: 'EBUSY' }, cause: error },
  );
}

/** False where the system does not tell. */
function isMountPoint(directory: HeldDirectory, name: FsPath): boolean {
  if (!KNOWS_HANDLES) return false;
  const mount = unlessAbsent(() => mountOf(directory.pathOf(name)));
  return mount !== undefined && mount !== mountOf(directory.self);
}

/** The kernel's number of the mount in which a path lies. */
function mountOf(path: FsPath): string | undefined {
  const fd = openSync(path, O_PATH | constants.O_NOFOLLOW);
  try {
    return /^mnt_id:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${String(fd)}`, 'utf8'))?.[1];
  } finally {
    closeSync(fd);
  }
}
