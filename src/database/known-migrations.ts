import type { DataSource, QueryRunner } from 'typeorm';
import { madeByNewerVersion, madeByOlderVersion } from './start-problem.js';

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
