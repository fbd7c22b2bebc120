import pg from 'pg';
import type { PostgresConfig } from '../../config/database-config.js';
import { startProblem } from './postgres-start-problem.js';

/** An operator waits no longer than this. */
const TIMEOUT_MS = 5000;

export interface PostgresFacts {
  readonly version: string;
  readonly maxConnections: number;
  /** The clock of the database, in milliseconds since 1970. */
  readonly now: number;
  /** A replica can be read only. */
  readonly isReplica: boolean;
  /** Has a server already made its tables? */
  readonly hasTables: boolean;
}

const FACTS = `SELECT current_setting('server_version') AS version,
current_setting('max_connections')::int AS "maxConnections",
(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now,
pg_is_in_recovery() AS "isReplica", to_regclass('migrations') IS NOT NULL AS "hasTables"`;

/**
 * Asks a database once, without the patience of a start. Changes nothing in it.
 *
 * @throws DatabaseError with one sentence about the reason.
 */
export async function postgresFacts(config: PostgresConfig): Promise<PostgresFacts> {
  const client = new pg.Client({
    ...config.client,
    application_name: 'stagedoor doctor',
    connectionTimeoutMillis: TIMEOUT_MS,
    query_timeout: TIMEOUT_MS,
  });
  client.on('error', () => undefined); // the query fails with the same error
  try {
    await client.connect();
    const { rows } = await client.query<PostgresFacts>(FACTS);
    const [facts] = rows;
    if (facts === undefined)
      throw new TypeError('PostgreSQL has answered a SELECT without FROM with no row.');
    return facts;
  } catch (error) {
    throw startProblem(error, config);
  } finally {
    await client.end().catch(() => undefined);
  }
}
