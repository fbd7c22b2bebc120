import { DatabaseError } from '../database-error.js';
import { WRITE_TIMEOUT_MS } from '../sql-database.js';
import { DAMAGED, sqliteCode } from './sqlite-error.js';

const RESTORE = 'Put a backup in its place: npm run admin -- restore <backup> --overwrite';

/** Says why a database cannot be used and what to do, in one sentence for the operator who starts a process on it. */
export function startProblem(error: unknown, path: string): unknown {
  const code = sqliteCode(error instanceof DatabaseError ? error.cause : error);
  if (code === undefined) return error;
  const problem = (sentence: string): DatabaseError =>
    new DatabaseError('Unavailable', `The database ${path} ${sentence}.`, { cause: error });
  if (DAMAGED.test(code)) return damaged(path, code, error);
  if (code.startsWith('SQLITE_BUSY')) {
    const seconds = String(WRITE_TIMEOUT_MS / 1000);
    return problem(
      `was kept locked by another process for ${seconds} seconds (${code}). End that process: fuser -v shows it`,
    );
  }
  if (/^(SQLITE_(READONLY|CANTOPEN)|EACCES|EPERM|EROFS|ENOTDIR|EEXIST)/.test(code)) {
    return problem(
      `cannot be opened for writing (${code}). Give the file and its folder to the user of the service (chown), on a disk that can be written`,
    );
  }
  // A full disk has no room for the file beside the log.
  if (/^(SQLITE_(FULL|IOERR_SHMSIZE)|ENOSPC)/.test(code))
    return problem(`has no space left (${code}). Make room on its disk`);
  return code.startsWith('SQLITE_IOERR')
    ? problem(`cannot be read or written (${code}). Look at its disk`)
    : error;
}

/** @param reason the code or message of SQLite. */
export function damaged(path: string, reason: string, cause?: unknown): DatabaseError {
  return new DatabaseError('Unavailable', `The database ${path} is damaged (${reason}). ${RESTORE}.`, {
    cause,
  });
}
