import { setTimeout } from 'node:timers/promises';
import { DataSource, type DataSourceOptions } from 'typeorm';

/** Enough for every replica of a fleet to make its first steps on a new file. */
const ATTEMPTS = 50;
const BETWEEN_ATTEMPTS_MS = 100;

/**
 * Opens a database whose tables are those of the newest migration. Of several servers that start at once on a new one, one
 * makes the tables while the others wait for it.
 */
export async function openDatabase(options?: DataSourceOptions): Promise<DataSource> {
  if (options === undefined) throw new TypeError('A database is opened by its options.');
  const database = await connected(options);
  try {
    // The connection is the only one, so that the migrations run in this transaction; a later lock would come too late.
    await database.query('BEGIN IMMEDIATE');
    await database.runMigrations({ transaction: 'none' });
    await database.query('COMMIT');
    return database;
  } catch (error) {
    await database.destroy(); // which takes back what was not committed
    throw error;
  }
}

/** SQLite does not wait for another process that is just making the file one with a write-ahead log. */
async function connected(options: DataSourceOptions): Promise<DataSource> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await new DataSource(options).initialize();
    } catch (error) {
      if (!isBusy(error) || attempt === ATTEMPTS) throw error;
      await setTimeout(BETWEEN_ATTEMPTS_MS);
    }
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY';
}
