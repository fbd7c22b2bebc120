import type { ErrorContext } from '../../../common/app-error.js';
import { StorageError, type StorageErrorKind } from '../../contract/storage-error.js';

type Meaning = readonly [kind: StorageErrorKind, sentence: string];

const NO_SUCH_FILE: Meaning = ['NotFound', 'There is no such file'];
const IN_THE_WAY: Meaning = ['AlreadyExists', 'A directory of that name is in the way'];
const UNNAMABLE: Meaning = ['InvalidKey', 'The file system cannot hold that name: choose another one'];
const DENIED: Meaning = ['PermissionDenied', 'The file system denies access'];
const NO_FILES_LEFT: Meaning = ['Unavailable', 'Too many files are open'];
const DISK_ERROR: Meaning = ['Unavailable', 'The disk reports an error'];
const UNREACHABLE: Meaning = ['Unavailable', 'The file system is not reachable'];
const BUSY: Meaning = ['Unavailable', 'The file system is busy: try again'];
const UNABLE: Meaning = ['InvalidConfig', 'The file system cannot do what a stage needs'];

const MEANING_OF_ERRNO: Readonly<Record<string, Meaning>> = {
  ENOENT: NO_SUCH_FILE,
  ENOTDIR: NO_SUCH_FILE,
  ELOOP: NO_SUCH_FILE,
  ENXIO: NO_SUCH_FILE,
  EEXIST: ['AlreadyExists', 'A file or directory of that name is in the way'],
  EISDIR: IN_THE_WAY,
  ENOTEMPTY: IN_THE_WAY,
  ENAMETOOLONG: ['InvalidKey', 'The name is too long for the file system'],
  EILSEQ: UNNAMABLE,
  EACCES: DENIED,
  EPERM: DENIED,
  ENOKEY: ['PermissionDenied', 'The directory is encrypted, and its key is not there'],
  EROFS: ['PermissionDenied', 'The file system is read-only'],
  ENOSPC: ['NoSpace', 'No space is left on the storage'],
  EDQUOT: ['NoSpace', 'The quota of the storage is used up'],
  EMLINK: ['NoSpace', 'A directory of the storage holds no more entries'],
  EFBIG: ['TooLarge', 'The file is larger than the file system can hold'],
  EMFILE: NO_FILES_LEFT,
  ENFILE: NO_FILES_LEFT,
  ENOMEM: ['Unavailable', 'The system has no memory left: try again later'],
  EIO: DISK_ERROR,
  EUCLEAN: DISK_ERROR,
  EBADMSG: DISK_ERROR,
  ENODEV: UNREACHABLE,
  ENOMEDIUM: UNREACHABLE,
  ENOTCONN: UNREACHABLE,
  ESTALE: UNREACHABLE,
  ETIMEDOUT: UNREACHABLE,
  EHOSTDOWN: UNREACHABLE,
  EHOSTUNREACH: UNREACHABLE,
  EAGAIN: BUSY,
  EBUSY: BUSY,
  EINTR: BUSY,
  ETXTBSY: BUSY,
  EXDEV: ['Unavailable', 'What is mounted below the directory has changed meanwhile: try again'],
  ENOSYS: UNABLE,
  ENOTSUP: UNABLE,
  EOPNOTSUPP: UNABLE,
};

/** Meanings of the same codes where a name is made, which is never `NotFound`. */
const MEANING_IN_A_PUT: Readonly<Record<string, Meaning>> = {
  ENOENT: ['Unavailable', 'The directory was removed while the file was stored: try again'],
  ENOTDIR: ['AlreadyExists', 'A file is in the way, where the path needs a directory'],
  ELOOP: ['AlreadyExists', 'A symbolic link is in the way, where the path needs a directory'],
  ENXIO: ['AlreadyExists', 'A special file of that name is in the way'],
};

const UNEXPECTED: Meaning = ['Unexpected', 'The file system failed unexpectedly'];

/** System calls whose EINVAL is about the name: exFAT and NTFS allow no `:`, for example. */
const TAKES_A_NAME = new Set([
  'link',
  'lstat',
  'mkdir',
  'open',
  'opendir',
  'realpath',
  'rename',
  'scandir',
  'stat',
  'unlink',
]);

/**
 * Translates an error of Node's file system API. A StorageError passes unchanged.
 *
 * @param context facts for the log. Its `operation` is a verb of the contract: codes have other meanings in a put.
 */
export function fsStorageError(error: unknown, context: ErrorContext): StorageError {
  if (error instanceof StorageError) return error;
  const errno = errnoOf(error);
  const makesName = context['operation'] === 'put' || context['operation'] === 'move';
  const [kind, sentence] = meaningOf(error, errno ?? '', makesName) ?? UNEXPECTED;
  // A specific sentence says more than the code, which goes to the log.
  const reason = errno === undefined || kind !== 'Unexpected' ? '' : ` (${errno})`;
  return new StorageError(kind, `${sentence}${reason}.`, {
    context: { scheme: 'fs', ...context, ...(errno === undefined ? {} : { errno }) },
    cause: error,
  });
}

function meaningOf(error: unknown, errno: string, makesName: boolean): Meaning | undefined {
  if (errno === 'EINVAL') return takesName(error) ? UNNAMABLE : undefined;
  return (makesName ? MEANING_IN_A_PUT[errno] : undefined) ?? MEANING_OF_ERRNO[errno];
}

function takesName(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'syscall' in error &&
    TAKES_A_NAME.has(String(error.syscall))
  );
}

/** Checks the shape, not the class: an error of another realm is no instance of this realm's `Error`. */
export function errnoOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** ENOTDIR: a file is in place of a directory of the path. */
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG']);

/** @returns the result; undefined if nothing exists, or can exist, at the path. */
export function unlessAbsent<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (ABSENT.has(errnoOf(error) ?? '')) return undefined;
    throw error;
  }
}
