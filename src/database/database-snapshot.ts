import type { DatabaseConfig } from '../config/database-config.js';
import { DatabaseCopy } from './copy/database-copy.js';
import { withDatabase } from './open-database.js';
import { SqliteSnapshot } from './sqlite/sqlite-snapshot.js';

/**
 * Copies a database that may be in use into a file of SQLite, without blocking its writers. A backup has this form, whatever the
 * database is.
 *
 * @param target a path at which no file exists.
 * @throws DatabaseError
 */
export async function takeSnapshot(database: DatabaseConfig, target: string): Promise<SqliteSnapshot> {
  if (database.kind === 'sqlite') return SqliteSnapshot.take(database.path, target);
  const { PostgresSnapshot } = await import('./postgres/postgres-snapshot.js');
  const source = await PostgresSnapshot.open(database);
  try {
    await withDatabase({ kind: 'sqlite', path: target }, { migrates: true }, (copy) =>
      new DatabaseCopy(source, copy).run(),
    );
  } finally {
    await source.close();
  }
  return new SqliteSnapshot(target);
}
