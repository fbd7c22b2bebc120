import { DatabaseError } from './database-error.js';

/** @param migration the first migration that this build does not know. */
export function madeByNewerVersion(database: string, migration: string): DatabaseError {
  return new DatabaseError(
    'Unavailable',
    `The database ${database} was made by a newer version: this one does not know the migration ${migration}. Start that version, or restore the backup from before the upgrade.`,
  );
}

export function madeByOlderVersion(database: string): DatabaseError {
  return new DatabaseError(
    'Unavailable',
    `The database ${database} is that of an older version. Run the command by the version that serves it, or start this one first.`,
  );
}
