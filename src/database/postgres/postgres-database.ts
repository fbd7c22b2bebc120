import { setTimeout as delay } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import pg, { type PoolClient, type QueryConfig, type QueryResult } from 'pg';
import { compareByteOrder } from '../../common/byte-order.js';
import { loggedError } from '../../common/telemetry/logged-error.js';
import type { PostgresConfig } from '../../config/database-config.js';
import { DatabaseError } from '../database-error.js';
import { CommitQueue, failAll, withoutExpired, type PendingWrite } from '../commit-queue.js';
import { SqlDatabase, WRITE_TIMEOUT_MS } from '../sql-database.js';
import type { Sql, SqlStatement, SqlValue } from '../sql.js';
import { Outage } from './outage.js';
import { isConnectionProblem, isLostStatement, isRetryable, postgresError } from './postgres-error.js';
import { poolOptions, TYPEORM_CONNECTIONS } from './postgres-pool.js';

/** Attempts of a transaction that conflicts with others. */
const MAX_ATTEMPTS = 5;
/** Bounds a transaction, and so the time that others wait for its rows. */
const MAX_WRITES = 200;

/** An entry of an index has 2,704 bytes at most, its header and the lengths of the texts included. */
const MAX_KEY_BYTES = 2_600;

/** Commits no row, but needs all that a commit needs: a primary server, and room for its log. */
const PROBE = 'SELECT txid_current()';

/** Plain SQL over a pool of connections. */
export class PostgresDatabase extends SqlDatabase {
  readonly maxKeyBytes = MAX_KEY_BYTES;
  readonly #logger = new Logger('Database');
  readonly #pool: pg.Pool;
  readonly #queue = new CommitQueue(this.#commit.bind(this), MAX_WRITES);
  readonly #outage: Outage;
  readonly #begin: string;
  /** Whether a connection prepares each statement once. */
  #namesStatements = true;

  constructor(config: PostgresConfig) {
    super();
    this.#outage = new Outage(config.timeoutSeconds * 1000);
    // A pipeline sends a whole transaction without waiting for each answer.
    const options = poolOptions(config, config.poolSize - TYPEORM_CONNECTIONS);
    this.#pool = new pg.Pool({ ...options, pipeline: true });
    this.#pool.on('error', (error) => {
      this.#logger.warn({ msg: 'an idle connection to the database ended', error: loggedError(error) });
    });
    // A connection in use: its query fails with the same error.
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
    // For the transaction only: a setting of the session would change the connection that a proxy lends to others.
    const isRelaxed = config.durability === 'relaxed';
    this.#begin = isRelaxed ? 'BEGIN; SET LOCAL synchronous_commit TO off' : 'BEGIN';
  }

  async close(): Promise<void> {
    await this.#queue.drained();
    await this.#pool.end();
  }

  async read<Row>(query: Sql<Row>, ...values: SqlValue[]): Promise<readonly Row[]> {
    const { rows } = await this.#read(query, values);
    return rows as Row[]; // the rows of the text, which `Sql` declares
  }

  async readRows<Row extends readonly unknown[]>(
    query: Sql<Row>,
    ...values: SqlValue[]
  ): Promise<readonly Row[]> {
    const { rows } = await this.#read(query, values, { rowMode: 'array' });
    return rows as Row[]; // the rows of the text, which `Sql` declares
  }

  async write(statements: readonly SqlStatement[], timeoutMs = WRITE_TIMEOUT_MS): Promise<readonly number[]> {
    const outcome = await this.#queue.write(statements, timeoutMs);
    if ('error' in outcome) throw postgresError(outcome.error);
    this.tellCommitted(statements, outcome.changes);
    return outcome.changes;
  }

  async probe(timeoutMs: number): Promise<void> {
    const query: TimedQuery = { text: PROBE, query_timeout: timeoutMs };
    try {
      // A connection to a host that is gone may take longer to fail.
      await Promise.race([this.#pool.query(query), tooLate(timeoutMs)]);
    } catch (error) {
      throw postgresError(error);
    }
  }

  /** A read changes nothing, so it runs again if its connection was lost. */
  async #read(
    query: Sql<unknown>,
    values: readonly SqlValue[],
    options: { readonly rowMode?: 'array' } = {},
  ): Promise<Pick<QueryResult, 'rows'>> {
    if (values.some(isUnstorable)) return { rows: [] };
    const run = (): Promise<QueryResult> =>
      this.#pool.query({ ...this.#configOf(query, values), ...options });
    try {
      return await this.#outage.retry(() => this.#withoutLostStatements(run), isConnectionProblem);
    } catch (error) {
      throw postgresError(error);
    }
  }

  #configOf({ name, numbered }: Sql<unknown>, values: readonly SqlValue[]): QueryConfig {
    const config = { text: numbered, values: [...values] };
    return this.#namesStatements ? { name, ...config } : config;
  }

  async #withoutLostStatements<Result>(run: () => Promise<Result>): Promise<Result> {
    try {
      return await run();
    } catch (error) {
      if (!isLostStatement(error)) throw error;
      this.#namesStatements = false;
      return run();
    }
  }

  async #commit(writes: readonly PendingWrite[]): Promise<readonly PendingWrite[]> {
    let client: PoolClient;
    try {
      client = await this.#pool.connect();
      this.#outage.end();
    } catch (error) {
      if (!isConnectionProblem(error)) {
        failAll(writes, error);
        return [];
      }
      this.#outage.begin();
      return withoutExpired(writes, error, (deadline) => this.#outage.until(deadline));
    }
    // From here on, a lost connection leaves open what has run: nothing is repeated.
    await this.#commitOn(client, inOrderOfLocks(writes));
    return [];
  }

  async #commitOn(client: PoolClient, writes: readonly PendingWrite[], attempt = 1): Promise<void> {
    const statements = writes.flatMap((write) => write.statements);
    try {
      const counts = await this.#withoutLostStatements(() => this.#send(client, statements));
      client.release();
      for (const write of writes) write.settle({ changes: counts.splice(0, write.statements.length) });
    } catch (error) {
      client.release(true); // it may be broken, or lead to a server that has become read-only
      if (isRetryable(error) && attempt < MAX_ATTEMPTS) await this.#again(writes, attempt + 1);
      // One of them fails, and PostgreSQL has rolled all of them back.
      else if (writes.length > 1 && !isConnectionProblem(error))
        for (const write of writes) await this.#again([write], attempt);
      else failAll(writes, error);
    }
  }

  async #again(writes: readonly PendingWrite[], attempt: number): Promise<void> {
    try {
      await this.#commitOn(await this.#pool.connect(), writes, attempt);
    } catch (error) {
      failAll(writes, error);
    }
  }

  async #send(client: PoolClient, statements: readonly SqlStatement[]): Promise<number[]> {
    const sent = await Promise.allSettled([
      client.query(this.#begin),
      ...statements.map(({ sql: query, values }) => client.query(this.#configOf(query, values))),
      client.query('COMMIT'),
    ]);
    const failure = sent.find((outcome) => outcome.status === 'rejected');
    if (failure !== undefined) throw failure.reason;
    const results = sent.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    if (results.at(-1)?.command !== 'COMMIT')
      throw new DatabaseError('Unavailable', 'The database of the service rolled a transaction back.');
    return results.slice(1, -1).map(({ rowCount }) => rowCount ?? 0);
  }
}

/** Orders those that lock rows which others lock, too, so that servers lock them in the same order. */
function inOrderOfLocks(writes: readonly PendingWrite[]): readonly PendingWrite[] {
  const lockOf = ({ statements }: PendingWrite): string =>
    statements.find(({ locks }) => locks !== undefined)?.locks ?? '';
  const locks = new Map(writes.map((write) => [write, lockOf(write)]));
  if (new Set(locks.values()).size <= 1) return writes;
  return writes.toSorted((a, b) => compareByteOrder(locks.get(a) ?? '', locks.get(b) ?? ''));
}

async function tooLate(timeoutMs: number): Promise<never> {
  await delay(timeoutMs, undefined, { ref: false });
  throw new DatabaseError('Unavailable', 'The database of the service does not answer now: try again.');
}

/** PostgreSQL refuses a NUL character, even to look for it: no row has one. */
function isUnstorable(value: unknown): boolean {
  return typeof value === 'string' && value.includes('\0');
}

/** The client knows this option of a query; its types do not. */
type TimedQuery = QueryConfig & { readonly query_timeout: number };
