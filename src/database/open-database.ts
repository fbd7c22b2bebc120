import { statSync } from 'node:fs';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { retryWhileBusy } from './busy-database.js';
import { WRITE_PROBE } from './write-probe.js';
import { retryWhenBusy } from './retrying-query-runner.js';
import { damaged, madeByNewerVersion, madeByOlderVersion, startProblem } from './start-problem.js';

/** The check of a larger file would delay the start for long; its damage shows when it is read. */
const MAX_CHECKED_BYTES = 256 * 1024 * 1024;

export interface OpenOptions {
  /** Run missing migrations? If not, an older database is refused. */
  readonly migrates: boolean;
}

/**
 * Opens a database with the tables of the newest migration. If several servers start at once on a new database, one creates the
 * tables while the others wait.
 *
 * @throws DatabaseError with one sentence about the reason: damaged, locked, not writable, of another version.
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
    // TypeORM has one connection, so the migrations run in this transaction. A lock taken later would come too late.
    await database.query('BEGIN IMMEDIATE');
    await database.runMigrations({ transaction: 'none' });
    await database.query(WRITE_PROBE); // SQLite lets even a read-only database begin
    await database.query('COMMIT');
    return database;
  } catch (error) {
    await database?.destroy(); // rolls back
    throw startProblem(error, path);
  }
}

/** Waits, as SQLite does not, for another process that is switching the file to a write-ahead log. */
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
  const knownNames = new Set(database.migrations.map(({ name, constructor }) => name ?? constructor.name));
  const unknown = (await appliedMigrations(database)).find((name) => !knownNames.has(name));
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
