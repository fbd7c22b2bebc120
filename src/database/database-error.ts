import { AppError } from '../common/app-error.js';

/** Why the database did not do what it was asked. */
export type DatabaseErrorKind =
  /** Its disk is full. */
  | 'NoSpace'
  /** It cannot be written or read now: locked, read-only, damaged, an error of its disk. */
  | 'Unavailable';

export class DatabaseError extends AppError<DatabaseErrorKind> {}

/** What SQLite said, by its form alone; an error that is none of the database's passes as it is. */
export function databaseError(error: unknown): unknown {
  const code = sqliteCode(error);
  if (error instanceof DatabaseError || code === undefined) return error;
  if (code === 'SQLITE_FULL') {
    return new DatabaseError('NoSpace', 'No space is left for the database of the service.', {
      context: { code },
      cause: error,
    });
  }
  const [, sentence] = UNAVAILABLE.find(([form]) => form.test(code)) ?? [];
  if (sentence === undefined) return error;
  return new DatabaseError('Unavailable', `The database of the service ${sentence}.`, {
    context: { code },
    cause: error,
  });
}

/** @returns undefined where the error is none of SQLite's. */
export function sqliteCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** The file is no database, or parts of it are not what SQLite wrote. */
export const DAMAGED = /^SQLITE_(CORRUPT|NOTADB)/;

/** In words; the code is for the log. */
const UNAVAILABLE: readonly (readonly [RegExp, string])[] = [
  [/^SQLITE_(BUSY|LOCKED)/, 'is locked by another process: try again'],
  [/^SQLITE_READONLY/, 'cannot be written: its disk or its file is read-only'],
  [DAMAGED, 'is damaged: it must be restored from a backup'],
  [/^SQLITE_IOERR/, 'cannot be read or written: its disk reports an error'],
  [/^SQLITE_CANTOPEN/, 'cannot be opened'],
  [/^SQLITE_(NOMEM|PROTOCOL)/, 'does not answer now: try again'],
];
