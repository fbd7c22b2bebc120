import type { DatabaseConfig } from '../config/database-config.js';
import { isFileInUse } from './sqlite/sqlite-snapshot.js';

/**
 * Does a server run on the database? Changes nothing in it.
 *
 * @throws DatabaseError with one sentence about the reason.
 */
export async function isInUse(config: DatabaseConfig): Promise<boolean> {
  if (config.kind === 'sqlite') return isFileInUse(config.path);
  const { isPostgresInUse } = await import('./postgres/postgres-use.js');
  return isPostgresInUse(config);
}
