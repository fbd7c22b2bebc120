import type { PoolConfig } from 'pg';
import pg from 'pg';
import type { PostgresConfig } from '../../config/database-config.js';

/** Connections that TypeORM keeps for itself: migrations, and changes of the catalog. */
export const TYPEORM_CONNECTIONS = 2;

/** Commands give statements more time than a connection ever takes. */
const MAX_CONNECT_MS = 10_000;

const INT8 = 20;

type GetTypeParser = typeof pg.types.getTypeParser;

/** Reads 64-bit integers as numbers: sizes and counts stay below 2^53. The client declares parsers as `any`. */
const getTypeParser: GetTypeParser = (...args: Parameters<GetTypeParser>): never => {
  const [oid, format] = args;
  return (
    (oid as number) === INT8 && format !== 'binary' ? Number : pg.types.getTypeParser(...args)
  ) as never;
};

/** Options of a pool of connections. @param size the connections at most. */
export function poolOptions({ client, timeoutSeconds }: PostgresConfig, size: number): PoolConfig {
  const timeoutMs = timeoutSeconds * 1000;
  return {
    application_name: 'stagedoor',
    ...client,
    max: size,
    connectionTimeoutMillis: Math.min(timeoutMs, MAX_CONNECT_MS),
    query_timeout: timeoutMs,
    keepAlive: true,
    types: { getTypeParser },
  };
}
