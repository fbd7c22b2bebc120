import type { DataSource, QueryRunner } from 'typeorm';
import { DatabaseError } from './database-error.js';

/**
 * Checks that a database has no migration that this build does not know.
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
  const unknown = (await appliedMigrations(runner)).find((applied) => !knownNames.has(applied));
  if (unknown !== undefined) throw madeByNewerVersion(name, unknown);
}

/** @throws DatabaseError if a migration of this build is missing. */
export async function assertMigrated(database: DataSource, runner: QueryRunner, name: string): Promise<void> {
  const applied = await appliedMigrations(runner);
  if (applied.length < database.migrations.length) throw madeByOlderVersion(name);
}

async function appliedMigrations(runner: QueryRunner): Promise<string[]> {
  if (!(await runner.hasTable('migrations'))) return [];
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

function madeByOlderVersion(database: string): DatabaseError {
  return new DatabaseError(
    'Unavailable',
    `The database ${database} is that of an older version. Run the command by the version that serves it, or start this one first.`,
  );
}
