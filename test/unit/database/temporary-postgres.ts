import { databaseConfig, type PostgresConfig } from '../../../src/config/database-config.js';
import { findPostgres } from '../../../scripts/lib/postgres-source.mjs';
import { startPostgres, type PostgresServer } from '../../../scripts/lib/postgres-server.mjs';
import { runOn } from '../../support/test-database.js';

/** The settings of a database by its URL. */
export function postgresConfig(
  url: string,
  pool: Partial<Omit<PostgresConfig, 'kind' | 'client'>> = {},
): PostgresConfig {
  const config = databaseConfig(url, '/none', {
    poolSize: 6,
    timeoutSeconds: 10,
    durability: 'full',
    ...pool,
  });
  if (config.kind !== 'postgres') throw new TypeError('This URL is not one of PostgreSQL.');
  return config;
}

/** A server that a test may stop, as the common one may not be. */
export async function ownPostgres(settings: string[] = []): Promise<PostgresServer> {
  const found = await findPostgres(() => undefined);
  if (found.reason !== undefined) throw new Error(found.reason);
  return startPostgres(found.bin, { settings });
}

/** Ends the sessions of a database, as an operator does. @returns how many there were. */
export async function endSessions(url: string): Promise<number> {
  const ended = await runOn(
    url,
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  );
  return ended.length;
}
