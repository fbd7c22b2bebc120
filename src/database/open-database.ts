import { statSync } from 'node:fs';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { retryWhileBusy } from './busy-database.js';
import { WRITE_PROBE } from './write-probe.js';
import { retryWhenBusy } from './retrying-query-runner.js';
import { damaged, madeByNewerVersion, madeByOlderVersion, startProblem } from './start-problem.js';

/** A larger file would hold a start up for long; what is damaged there shows when it is read. */
const MAX_CHECKED_BYTES = 256 * 1024 * 1024;

export interface OpenOptions {
  /** May the tables be brought to the newest migration? An older database is refused where not. */
  readonly migrates: boolean;
}

/**
 * Opens a database whose tables are those of the newest migration. Of several servers that start at once on a new one, one
 * makes the tables while the others wait for it.
 *
 * @throws DatabaseError that says in one sentence why it cannot be used: damaged, locked, not writable, of another version.
 */
export async function openDatabase(
  options: DataSourceOptions,
  { migrates }: OpenOptions = { migrates: true },
): Promise<DataSource> {
  const path = String(options.database);
  let database: DataSource | undefined;
  try {
    database = await connected(options);
    await assertIntact(database, path);
    await assertKnownMigrations(database, path);
    if (!migrates) await assertMigrated(database, path);
    // The connection is the only one, so that the migrations run in this transaction; a later lock would come too late.
    await database.query('BEGIN IMMEDIATE');
    await database.runMigrations({ transaction: 'none' });
    await database.query(WRITE_PROBE); // SQLite lets even a read-only database begin
    await database.query('COMMIT');
    return database;
  } catch (error) {
    await database?.destroy(); // which takes back what was not committed
    throw startProblem(error, path);
  }
}

/** SQLite does not wait for another process that is just making the file one with a write-ahead log. */
async function connected(options: DataSourceOptions): Promise<DataSource> {
  return retryWhileBusy(() => {
    const database = new DataSource(options);
    retryWhenBusy(database);
    return database.initialize();
  });
}

async function assertIntact(database: DataSource, path: string): Promise<void> {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > MAX_CHECKED_BYTES) return;
  const [row] = await database.query<{ quick_check: string }[]>('PRAGMA quick_check(1)');
  const result = row?.quick_check ?? 'ok';
  if (result !== 'ok') throw damaged(path, result.replaceAll(/\s+/g, ' '));
}

async function assertKnownMigrations(database: DataSource, path: string): Promise<void> {
  const known = new Set(database.migrations.map(({ name, constructor }) => name ?? constructor.name));
  const unknown = (await appliedMigrations(database)).find((name) => !known.has(name));
  if (unknown !== undefined) throw madeByNewerVersion(path, unknown);
}

async function assertMigrated(database: DataSource, path: string): Promise<void> {
  const applied = await appliedMigrations(database);
  if (applied.length < database.migrations.length) throw madeByOlderVersion(path);
}

async function appliedMigrations(database: DataSource): Promise<string[]> {
  const [table] = await database.query<unknown[]>("SELECT 1 FROM sqlite_master WHERE name = 'migrations'");
  if (table === undefined) return [];
  const rows = await database.query<{ name: string }[]>('SELECT name FROM migrations ORDER BY id');
  return rows.map(({ name }) => name);
}
