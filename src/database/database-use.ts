import type { DatabaseConfig, PostgresConfig } from '../config/database-config.js';
import { sql } from './sql.js';
import { isFileInUse } from './sqlite/sqlite-snapshot.js';

/** A server that was killed still counts for so long: it shows every 30 seconds that it runs. */
const SEEN_MS = 120_000;

const SEEN_SINCE = sql<readonly [1]>('SELECT 1 FROM processes WHERE seen_at > ? LIMIT 1');

/**
 * Does a server run on the database? Changes nothing in it.
 *
 * @throws DatabaseError with one sentence about the reason.
 */
export async function isInUse(config: DatabaseConfig): Promise<boolean> {
  return config.kind === 'sqlite' ? isFileInUse(config.path) : isPostgresInUse(config);
}

async function isPostgresInUse(config: PostgresConfig): Promise<boolean> {
  const { PostgresDatabase } = await import('./postgres/postgres-database.js');
  const { isMissingTable } = await import('./postgres/postgres-error.js');
  const { startProblem } = await import('./postgres/postgres-start-problem.js');
  const database = new PostgresDatabase(config);
  try {
    const since = new Date(Date.now() - SEEN_MS).toISOString();
    return (await database.readRows(SEEN_SINCE, since)).length > 0;
  } catch (error) {
    if (isMissingTable(error)) return false; // no server has started on it yet
    throw startProblem(error, config);
  } finally {
    await database.close();
  }
}
