import { constants } from 'node:os';
import { StorageError, type StorageErrorKind } from '../../../src/storage/contract/storage-error.js';
import { fsStorageError } from '../../../src/storage/providers/fs/fs-storage.errors.js';

function failed(code: string, syscall = 'open'): Error {
  return Object.assign(new Error(`${code}: why, ${syscall} '/srv/secret'`), { code, syscall });
}

/** Of a read, a listing or a removal, and of a put where it is something else. */
const KINDS: readonly [errno: string, kind: StorageErrorKind, inPut?: StorageErrorKind][] = [
  ['ENOENT', 'NotFound', 'Unavailable'],
  ['ENOTDIR', 'NotFound', 'AlreadyExists'],
  ['ELOOP', 'NotFound', 'AlreadyExists'],
  ['ENXIO', 'NotFound', 'AlreadyExists'],
  ['EEXIST', 'AlreadyExists'],
  ['EISDIR', 'AlreadyExists'],
  ['ENOTEMPTY', 'AlreadyExists'],
  ['EINVAL', 'InvalidKey'],
  ['EILSEQ', 'InvalidKey'],
  ['ENAMETOOLONG', 'InvalidKey'],
  ['EACCES', 'PermissionDenied'],
  ['EPERM', 'PermissionDenied'],
  ['ENOKEY', 'PermissionDenied'],
  ['EROFS', 'PermissionDenied'],
  ['ENOSPC', 'NoSpace'],
  ['EDQUOT', 'NoSpace'],
  ['EMLINK', 'NoSpace'],
  ['EFBIG', 'TooLarge'],
  ['EMFILE', 'Unavailable'],
  ['ENFILE', 'Unavailable'],
  ['ENOMEM', 'Unavailable'],
  ['EIO', 'Unavailable'],
  ['EUCLEAN', 'Unavailable'],
  ['EBADMSG', 'Unavailable'],
  ['ENODEV', 'Unavailable'],
  ['ENOMEDIUM', 'Unavailable'],
  ['ENOTCONN', 'Unavailable'],
  ['ESTALE', 'Unavailable'],
  ['ETIMEDOUT', 'Unavailable'],
  ['EHOSTDOWN', 'Unavailable'],
  ['EHOSTUNREACH', 'Unavailable'],
  ['EAGAIN', 'Unavailable'],
  ['EBUSY', 'Unavailable'],
  ['EINTR', 'Unavailable'],
  ['ETXTBSY', 'Unavailable'],
  ['EXDEV', 'Unavailable'],
  ['ENOSYS', 'InvalidConfig'],
  ['ENOTSUP', 'InvalidConfig'],
  ['EOPNOTSUPP', 'InvalidConfig'],
];

describe.each(KINDS)('%s', (errno, kind, inPut = kind) => {
  it.each([
    ['get', kind],
    ['put', inPut],
  ])('of a %s is %s, in a sentence without the path', (operation, expected) => {
    const error = fsStorageError(failed(errno), { operation });
    expect(error.kind).toBe(expected);
    expect(error.message).toMatch(/^[A-Z][a-z' ]+.*\.$/);
    expect(error.message).not.toMatch(new RegExp(`secret|${errno}`));
    expect(error.context).toEqual({ scheme: 'fs', operation, errno });
  });
});

it('no errno says of a put that there is no such file', () => {
  for (const errno of Object.keys(constants.errno)) {
    const error = fsStorageError(failed(errno), { operation: 'put' });
    expect([errno, error.kind]).not.toEqual([errno, 'NotFound']);
  }
});

it.each(['read', 'write', 'fsync', 'fdatasync', 'close'])('EINVAL of %s is not about a name', (syscall) => {
  const error = fsStorageError(failed('EINVAL', syscall), { operation: 'put' });
  expect(error).toMatchObject({ kind: 'Unexpected', message: expect.stringContaining('EINVAL') as string });
});

it.each([failed('EWHAT'), new Error('what'), 'what', undefined])(
  'what is not known is unexpected: %p',
  (cause) => {
    expect(fsStorageError(cause, {})).toMatchObject({ kind: 'Unexpected' });
  },
);

it('a StorageError passes as it is', () => {
  const error = new StorageError('NotFound', 'No.');
  expect(fsStorageError(error, { operation: 'put' })).toBe(error);
});
