import { AppError } from '../../common/app-error.js';

/** Why a store refused: the only vocabulary that leaves `storage/`. */
export type StorageErrorKind =
  /** There is no object of that key. */
  | 'NotFound'
  /** Something of that name is in the way: a directory, or a file where a directory is needed. */
  | 'AlreadyExists'
  /** A put's condition does not hold: there is an object, or it is another one than was asked for. */
  | 'PreconditionFailed'
  /** The store cannot hold an object of that key. */
  | 'InvalidKey'
  /** The connection is wrong: an option, the bucket, the region. */
  | 'InvalidConfig'
  /** The store knows the credentials or the account, and says no; or does not know them. */
  | 'PermissionDenied'
  /** The range starts past the end of the object. */
  | 'RangeNotSatisfiable'
  /** The store asks for fewer requests. */
  | 'RateLimited'
  /** The object is larger than the store can hold. */
  | 'TooLarge'
  /** The caller's signal fired. */
  | 'Aborted'
  /** The store has no such capability. */
  | 'Unsupported'
  /** The store cannot be reached or cannot answer now. */
  | 'Unavailable'
  /** The store is full. */
  | 'NoSpace'
  | 'Unexpected';

export class StorageError extends AppError<StorageErrorKind> {}

/** Is a failure about the store rather than about an object in it? */
const IS_ABOUT_STORE: Readonly<Record<StorageErrorKind, boolean>> = {
  InvalidConfig: true,
  PermissionDenied: true,
  RateLimited: true,
  Unavailable: true,
  NoSpace: true,
  Unexpected: true,
  NotFound: false,
  AlreadyExists: false,
  PreconditionFailed: false,
  InvalidKey: false,
  RangeNotSatisfiable: false,
  TooLarge: false,
  Aborted: false,
  Unsupported: false,
};

/** Is it about the store itself? Then who reads it wants to know which one. */
export function isAboutStore({ kind }: StorageError): boolean {
  return IS_ABOUT_STORE[kind];
}
