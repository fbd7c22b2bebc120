import { AppError } from '../common/app-error.js';

/** Why the database did not do what it was asked. */
export type DatabaseErrorKind =
  /** Its disk is full. */
  | 'NoSpace'
  /** It cannot be written or read now: locked, read-only, an error of its disk. */
  | 'Unavailable';

export class DatabaseError extends AppError<DatabaseErrorKind> {}

/** What SQLite said, by its form alone; an error that is none of the database's passes as it is. */
export function databaseError(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (error instanceof DatabaseError || typeof code !== 'string') return error;
  if (code === 'SQLITE_FULL') {
    return new DatabaseError('NoSpace', 'No space is left for the database of the service (SQLITE_FULL).', {
      cause: error,
    });
  }
  if (!UNAVAILABLE.test(code)) return error;
  return new DatabaseError('Unavailable', `The database of the service does not answer now (${code}).`, {
    cause: error,
  });
}

const UNAVAILABLE = /^SQLITE_(BUSY|LOCKED|READONLY|IOERR|CANTOPEN|NOMEM|PROTOCOL)/;
