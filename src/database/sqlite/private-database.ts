import { dirname } from 'node:path';
import { makePrivateDirectory, makePrivateFile, tightenFile } from '../../common/private-files.js';
import { startProblem } from './sqlite-start-problem.js';

/** Files that SQLite keeps beside a database. It creates them with the mode of the database. */
const COMPANION_SUFFIXES = ['-wal', '-shm', '-journal'];

/**
 * Lets only the server's user read the database, whatever the umask is or was: it holds the hash of root's password.
 *
 * @throws DatabaseError
 */
export function makeDatabasePrivate(databasePath: string): void {
  try {
    makePrivateDirectory(dirname(databasePath));
  } catch (error) {
    throw startProblem(error, databasePath);
  }
  makePrivateFile(databasePath);
  for (const suffix of ['', ...COMPANION_SUFFIXES]) tightenFile(databasePath + suffix);
}
