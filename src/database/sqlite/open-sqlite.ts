import { statSync } from 'node:fs';
import type { DataSource } from 'typeorm';
import type { SqliteConfig } from '../../config/database-config.js';
import { assertNoUnfinishedCopy } from '../copy/unfinished-copy.js';
import { assertKnownMigrations, assertMigrated } from '../known-migrations.js';
import type { OpenOptions } from '../open-options.js';
import { retryWhileBusy } from './busy-database.js';
import { damaged, startProblem } from './sqlite-start-problem.js';

/** The check of a larger file would delay the start for long; its damage shows when it is read. */
const MAX_CHECKED_BYTES = 256 * 1024 * 1024;

/** If several servers start at once on a new file, one creates the tables while the others wait. */
export async function openSqlite(
  create: (config: SqliteConfig) => Promise<DataSource>,
  config: SqliteConfig,
  { migrates, mayBeUnfinished = false }: OpenOptions,
): Promise<DataSource> {
  const { path } = config;
  let database: DataSource | undefined;
  try {
    // Waits, as SQLite does not, for another process that is switching the file to a write-ahead log.
    database = await retryWhileBusy(async () => (await create(config)).initialize());
    const runner = database.createQueryRunner();
    await assertIntact(database, path);
    // TypeORM has one connection, so the migrations run in this transaction. A lock taken later would come too late.
    await database.query('BEGIN IMMEDIATE');
    await assertKnownMigrations(database, runner, path);
    if (!migrates) await assertMigrated(database, runner, path);
    await database.runMigrations({ transaction: 'none' });
    if (!mayBeUnfinished) await assertNoUnfinishedCopy(runner, path);
    await database.query('PRAGMA user_version = 1'); // SQLite lets even a read-only database begin
    await database.query('COMMIT');
    return database;
  } catch (error) {
    await database?.destroy(); // rolls back
    throw startProblem(error, path);
  }
}

async function assertIntact(database: DataSource, path: string): Promise<void> {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > MAX_CHECKED_BYTES) return;
  const [row] = await database.query<{ quick_check: string }[]>('PRAGMA quick_check(1)');
  const result = row?.quick_check ?? 'ok';
  if (result !== 'ok') throw damaged(path, result.replaceAll(/\s+/g, ' '));
}
