import { createRequire } from 'node:module';
import type * as Limiters from 'rate-limiter-flexible';
import type { IRateLimiterOptions, RateLimiterAbstract } from 'rate-limiter-flexible';

type Module<Name extends keyof typeof Limiters> = (typeof Limiters)[Name];

const require = createRequire(import.meta.url);

/** Imported by file: the package's index also loads its limiters for every database, 36 modules and 30 ms of each start. */
const RateLimiterMemory =
  require('rate-limiter-flexible/lib/RateLimiterMemory.js') as Module<'RateLimiterMemory'>;
export const RateLimiterRes =
  require('rate-limiter-flexible/lib/RateLimiterRes.js') as Module<'RateLimiterRes'>;

/** Creates a limiter whose counters live where all servers of the database see them, or in this process. */
export type LimiterFactory = (
  name: string,
  limits: Pick<IRateLimiterOptions, 'points' | 'duration'>,
) => RateLimiterAbstract;

/** The injection token of a `LimiterFactory`. */
export const LIMITER_FACTORY = Symbol('LIMITER_FACTORY');

const TABLE = 'sign_in_counters';

/**
 * Shares counters by a table of PostgreSQL. A file of SQLite has one server mostly, and a counter in memory costs no commit: there
 * each server counts for itself.
 *
 * @param postgres TypeORM's data source of PostgreSQL; undefined for another database.
 */
export function limiterFactory(postgres: object | undefined): LimiterFactory {
  if (postgres === undefined) return (_, limits) => new RateLimiterMemory(limits);
  const RateLimiterPostgres =
    require('rate-limiter-flexible/lib/RateLimiterPostgres.js') as Module<'RateLimiterPostgres'>;
  return (name, limits) =>
    new RateLimiterPostgres({
      ...limits,
      keyPrefix: name,
      storeClient: postgres,
      storeType: 'typeorm',
      tableName: TABLE,
      tableCreated: true, // by a migration
      clearExpiredByTimeout: true,
      insuranceLimiter: new RateLimiterMemory(limits), // counts here while the database is away
    });
}
