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
    return new DatabaseError('NoSpace', 'No space is left for the database of the service.', {
      context: { code },
      cause: error,
    });
  }
  if (!UNAVAILABLE.test(code)) return error;
  return new DatabaseError('Unavailable', unavailable(code), { context: { code }, cause: error });
}

/** In words; the code is for the log. */
function unavailable(code: string): string {
  const [, reason = ''] = UNAVAILABLE.exec(code) ?? [];
  return `The database of the service ${REASONS[reason] ?? 'does not answer now: try again'}.`;
}

const REASONS: Readonly<Record<string, string>> = {
  READONLY: 'cannot be written: its disk or its file is read-only',
  IOERR: 'cannot be read or written: its disk reports an error',
  CANTOPEN: 'cannot be opened',
};
const UNAVAILABLE = /^SQLITE_(BUSY|LOCKED|READONLY|IOERR|CANTOPEN|NOMEM|PROTOCOL)/;
