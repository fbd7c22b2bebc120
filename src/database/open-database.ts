import type { DataSource } from 'typeorm';
import type { DatabaseConfig } from '../config/database-config.js';
import { createDataSource } from './data-source.js';
import type { OpenOptions } from './open-options.js';
import type { SqlDatabase } from './sql-database.js';
import { openSqlite } from './sqlite/open-sqlite.js';
import { SqliteDatabase } from './sqlite/sqlite-database.js';

/**
 * Opens a database for TypeORM, with the tables of the newest migration. If several servers start at once on a new database, one
 * creates the tables while the others wait.
 *
 * @throws DatabaseError with one sentence about the reason: away, damaged, locked, not writable, of another version.
 */
export async function openDatabase(
  config: DatabaseConfig,
  opening: OpenOptions = { migrates: true },
): Promise<DataSource> {
  if (config.kind === 'sqlite') return openSqlite(createDataSource, config, opening);
  const { openPostgres } = await import('./postgres/open-postgres.js');
  return openPostgres(createDataSource, config, opening);
}

/** Runs plain SQL on a database, and closes it afterwards. @throws DatabaseError as `openDatabase`. */
export async function withDatabase<Result>(
  config: DatabaseConfig,
  opening: OpenOptions,
  run: (database: SqlDatabase) => Promise<Result>,
): Promise<Result> {
  await (await openDatabase(config, opening)).destroy(); // checks or creates the tables
  const database = await openSqlDatabase(config);
  try {
    return await run(database);
  } finally {
    await database.close();
  }
}

/** Opens a database for plain SQL. It has its tables: `openDatabase` was called before. */
export async function openSqlDatabase(config: DatabaseConfig): Promise<SqlDatabase> {
  if (config.kind === 'sqlite') return new SqliteDatabase(config.path);
  const { PostgresDatabase } = await import('./postgres/postgres-database.js');
  return new PostgresDatabase(config);
}
