import type { ErrorContext } from '../../../common/app-error.js';
import { StorageError, type StorageErrorKind } from '../../contract/storage-error.js';

const KIND_OF_ERRNO: Readonly<Record<string, readonly [StorageErrorKind, string]>> = {
  ENOENT: ['NotFound', 'There is no such file'],
  ENOTDIR: ['NotFound', 'There is no such file'],
  ELOOP: ['NotFound', 'There is no such file'],
  ENXIO: ['NotFound', 'There is no such file'],
  EEXIST: ['AlreadyExists', 'A file or directory of that name is in the way'],
  EISDIR: ['AlreadyExists', 'A directory of that name is in the way'],
  ENOTEMPTY: ['AlreadyExists', 'A directory of that name is in the way'],
  ENAMETOOLONG: ['InvalidKey', 'The name is too long for the file system'],
  EILSEQ: ['InvalidKey', 'The file system cannot hold that name'],
  EACCES: ['PermissionDenied', 'The file system denies access'],
  EPERM: ['PermissionDenied', 'The file system denies access'],
  EROFS: ['PermissionDenied', 'The file system is read-only'],
  ENOSPC: ['NoSpace', 'No space is left on the storage'],
  EDQUOT: ['NoSpace', 'The quota of the storage is used up'],
  EFBIG: ['TooLarge', 'The file is larger than the file system can hold'],
  EMFILE: ['Unavailable', 'Too many files are open'],
  ENFILE: ['Unavailable', 'Too many files are open'],
  EIO: ['Unavailable', 'The disk reports an error'],
  ESTALE: ['Unavailable', 'The file system is not reachable'],
  ETIMEDOUT: ['Unavailable', 'The file system is not reachable'],
};

/** What Node's file system API threw, in the words of the contract. A StorageError passes as it is. */
export function fsStorageError(error: unknown, context: ErrorContext): StorageError {
  if (error instanceof StorageError) return error;
  const errno = errnoOf(error);
  const [kind, sentence] = KIND_OF_ERRNO[errno ?? ''] ?? UNEXPECTED;
  // A sentence of its own says more than the number's name, which is for the log.
  const reason = errno === undefined || kind !== 'Unexpected' ? '' : ` (${errno})`;
  return new StorageError(kind, `${sentence}${reason}.`, {
    context: { scheme: 'fs', ...context, ...(errno === undefined ? {} : { errno }) },
    cause: error,
  });
}

const UNEXPECTED: readonly [StorageErrorKind, string] = ['Unexpected', 'The file system failed unexpectedly'];

/** By its form, not its class: an error of another realm is none of this one's `Error`. */
export function errnoOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** ENOTDIR: a file lies where the path has a directory. */
const ABSENT = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG']);

/** @returns undefined for a path at which nothing is, or can be. */
export function unlessAbsent<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (ABSENT.has(errnoOf(error) ?? '')) return undefined;
    throw error;
  }
}
