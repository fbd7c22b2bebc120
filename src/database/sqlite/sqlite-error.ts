import { DatabaseError } from '../database-error.js';

/** Translates an error of SQLite, recognised by its code. Other errors pass unchanged. */
export function sqliteError(error: unknown): unknown {
  const code = sqliteCode(error);
  if (error instanceof DatabaseError || code === undefined) return error;
  if (code === 'SQLITE_FULL') {
    return new DatabaseError('NoSpace', 'No space is left for the database of the service.', {
      context: { code },
      cause: error,
    });
  }
  if (code === 'SQLITE_CONSTRAINT_NOTNULL') {
    return new DatabaseError('Conflict', 'Another change came first.', { context: { code }, cause: error });
  }
  const [, sentence] = UNAVAILABLE.find(([form]) => form.test(code)) ?? [];
  if (sentence === undefined) return error;
  return new DatabaseError('Unavailable', `The database of the service ${sentence}.`, {
    context: { code },
    cause: error,
  });
}

/** @returns the error's code; undefined if it has none. */
export function sqliteCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** Codes of a file that is no database, or has damaged parts. */
export const DAMAGED = /^SQLITE_(CORRUPT|NOTADB)/;

/** Sentences for the caller; the code goes to the log. */
const UNAVAILABLE: readonly (readonly [RegExp, string])[] = [
  [/^SQLITE_(BUSY|LOCKED)/, 'is locked by another process: try again'],
  [/^SQLITE_READONLY/, 'cannot be written: its disk or its file is read-only'],
  [DAMAGED, 'is damaged: it must be restored from a backup'],
  [/^SQLITE_IOERR/, 'cannot be read or written: its disk reports an error'],
  [/^SQLITE_CANTOPEN/, 'cannot be opened'],
  [/^SQLITE_(NOMEM|PROTOCOL)/, 'does not answer now: try again'],
];
