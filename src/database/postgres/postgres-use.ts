import type { PostgresConfig } from '../../config/database-config.js';
import { sql } from '../sql.js';
import { PostgresDatabase } from './postgres-database.js';
import { isMissingTable } from './postgres-error.js';
import { startProblem } from './postgres-start-problem.js';

/** A killed server counts as running for this long: a server writes its heartbeat every 30 seconds. */
const SEEN_MS = 120_000;

const SEEN_SINCE = sql<readonly [1]>('SELECT 1 FROM processes WHERE seen_at > ? LIMIT 1');

/** Has a server on the database written its heartbeat lately? Changes nothing. */
export async function isPostgresInUse(config: PostgresConfig): Promise<boolean> {
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
