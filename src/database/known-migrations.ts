import type { DataSource, QueryRunner } from 'typeorm';
import { DatabaseError } from './database-error.js';

/**
 * Checks that a database is new or this service's, and has no migration that this build does not know. In the transaction that
 * migrates: another server may create the tables meanwhile.
 *
 * @param name of the database, for the message.
 * @throws DatabaseError
 */
export async function assertKnownMigrations(
  database: DataSource,
  runner: QueryRunner,
  name: string,
): Promise<void> {
  const knownNames = new Set(
    database.migrations.map((migration) => migration.name ?? migration.constructor.name),
  );
  const applied = await appliedMigrations(runner, name);
  if (applied.length === 0) await assertNoTables(database, runner, name);
  else if (!applied.some((migration) => knownNames.has(migration)))
    throw ofAnotherProgram(name, 'migrations');
  const unknown = applied.find((migration) => !knownNames.has(migration));
  if (unknown !== undefined) throw madeByNewerVersion(name, unknown);
}

/** Tables of another program may lie beside this service's, under other names. */
async function assertNoTables(database: DataSource, runner: QueryRunner, name: string): Promise<void> {
  for (const { tableName } of database.entityMetadatas) {
    if (await runner.hasTable(tableName)) throw ofAnotherProgram(name, tableName);
  }
}

/** @throws DatabaseError if a migration of this build is missing. */
export async function assertMigrated(database: DataSource, runner: QueryRunner, name: string): Promise<void> {
  const applied = await appliedMigrations(runner, name);
  if (applied.length < database.migrations.length) throw madeByOlderVersion(name);
}

async function appliedMigrations(runner: QueryRunner, name: string): Promise<string[]> {
  if (!(await runner.hasTable('migrations'))) return [];
  if (!(await runner.hasColumn('migrations', 'name'))) throw ofAnotherProgram(name, 'migrations');
  const rows = (await runner.query('SELECT name FROM migrations ORDER BY id')) as { name: string }[]; // its column
  return rows.map(({ name }) => name);
}

/** @param migration the first migration that this build does not know. */
function madeByNewerVersion(database: string, migration: string): DatabaseError {
  return new DatabaseError(
    'Unavailable',
    `The database ${database} was made by a newer version: this one does not know the migration ${migration}. Start that version, or restore the backup from before the upgrade.`,
  );
}

function ofAnotherProgram(database: string, table: string): DatabaseError {
  return new DatabaseError(
    'Unavailable',
    `The database ${database} is that of another program: its table ${table} is not this service's. Name a database of its own in DATABASE_URL.`,
  );
}

function madeByOlderVersion(database: string): DatabaseError {
  return new DatabaseError(
    'Unavailable',
    `The database ${database} is that of an older version. Run the command by the version that serves it, or start this one first.`,
  );
}
