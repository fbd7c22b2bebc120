import { dirname } from 'node:path';
import { makePrivateDirectory, makePrivateFile, tightenFile } from '../common/private-files.js';
import { startProblem } from './start-problem.js';

/** What SQLite keeps beside a database: with the database's own mode when it makes them. */
const COMPANION_SUFFIXES = ['-wal', '-shm', '-journal'];

/** The hash of root's password is in it: only the server's user may read it, whatever the umask is, or was. @throws DatabaseError */
export function makeDatabasePrivate(databasePath: string): void {
  try {
    makePrivateDirectory(dirname(databasePath));
  } catch (error) {
    throw startProblem(error, databasePath);
  }
  makePrivateFile(databasePath);
  for (const suffix of ['', ...COMPANION_SUFFIXES]) tightenFile(databasePath + suffix);
}
