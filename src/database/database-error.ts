import { AppError } from '../common/app-error.js';

/** The reason for a failure of the database. */
export type DatabaseErrorKind =
  /** Its disk is full. */
  | 'NoSpace'
  /** It cannot be written or read now: away, locked, read-only, damaged, an error of its disk. */
  | 'Unavailable'
  /** It cannot store such a text. */
  | 'Unstorable'
  /** A condition of the write does not hold: nothing was changed. */
  | 'Conflict';

export class DatabaseError extends AppError<DatabaseErrorKind> {}
