import { AppError } from '../../common/app-error.js';

/** The reason for a failure of a store: the only error kinds that leave `storage/`. */
export type StorageErrorKind =
  /** No object has that key. */
  | 'NotFound'
  /** Something else has that name: a directory, or a file where a directory is needed. */
  | 'AlreadyExists'
  /** A condition does not hold: an object exists, or it has another etag. */
  | 'PreconditionFailed'
  /** The store cannot hold an object of that key. */
  | 'InvalidKey'
  /** The connection is wrong: an option, the bucket, the region. */
  | 'InvalidConfig'
  /** The store rejects the credentials or the account, or they lack the permission. */
  | 'PermissionDenied'
  /** The range starts past the end of the object. */
  | 'RangeNotSatisfiable'
  /** The store throttles requests. */
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

/** Is the failure about the store, not about an object in it? */
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

/** All kinds. */
export const STORAGE_ERROR_KINDS = Object.keys(IS_ABOUT_STORE);

/** Is the error about the store itself? Then its message should name the store. */
export function isAboutStore({ kind }: StorageError): boolean {
  return IS_ABOUT_STORE[kind];
}
