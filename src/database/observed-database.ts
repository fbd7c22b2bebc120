import { isTracing, traced } from '../common/telemetry/traced-work.js';
import type { Count, Observations } from '../metrics/families.js';
import { SECONDS, type Metrics } from '../metrics/metrics.js';
import { DatabaseError, type DatabaseErrorKind } from './database-error.js';
import { SqlDatabase, type CommitListener } from './sql-database.js';
import type { Sql, SqlStatement, SqlValue } from './sql.js';

/** `probe`: the write of `/ready`. */
const OPERATIONS = ['read', 'write', 'probe'] as const;

const ERROR_KINDS: Readonly<Record<DatabaseErrorKind | 'Unexpected', true>> = {
  NoSpace: true,
  Unavailable: true,
  Unstorable: true,
  Conflict: true,
  Unexpected: true,
};

interface Operation {
  /** As traces show it. */
  readonly name: string;
  readonly seconds: Observations;
  readonly failed: (kind: string) => Count;
}

/** Times each operation, waiting included, counts those that fail, and shows them in traces, without their values. Changes nothing. */
export class ObservedDatabase extends SqlDatabase {
  readonly #inner: SqlDatabase;
  readonly #operations: Readonly<Record<(typeof OPERATIONS)[number], Operation>>;

  constructor(inner: SqlDatabase, metrics: Metrics) {
    super();
    this.#inner = inner;
    const seconds = metrics.histograms(
      'stagedoor_database_operation_duration_seconds',
      'Time of reads and writes of the database, from the call to its end',
      { labels: { operation: OPERATIONS }, buckets: SECONDS },
    );
    const errors = metrics.counters(
      'stagedoor_database_errors_total',
      'Reads and writes of the database that have failed, by the kind of the error',
      { operation: OPERATIONS, kind: Object.keys(ERROR_KINDS) },
    );
    const of = (operation: string): Operation => ({
      name: `database ${operation}`,
      seconds: seconds.child(operation),
      failed: (kind) => errors.child(operation, kind),
    });
    this.#operations = { read: of('read'), write: of('write'), probe: of('probe') };
  }

  get maxKeyBytes(): number {
    return this.#inner.maxKeyBytes;
  }

  read<Row>(sql: Sql<Row>, ...values: SqlValue[]): Promise<readonly Row[]> {
    return observed(this.#operations.read, () => this.#inner.read(sql, ...values));
  }

  readRows<Row extends readonly unknown[]>(sql: Sql<Row>, ...values: SqlValue[]): Promise<readonly Row[]> {
    return observed(this.#operations.read, () => this.#inner.readRows(sql, ...values));
  }

  write(statements: readonly SqlStatement[], timeoutMs?: number): Promise<readonly number[]> {
    return observed(this.#operations.write, () => this.#inner.write(statements, timeoutMs));
  }

  override onCommit(listener: CommitListener): void {
    this.#inner.onCommit(listener);
  }

  probe(timeoutMs: number): Promise<void> {
    return observed(this.#operations.probe, () => this.#inner.probe(timeoutMs));
  }

  close(): Promise<void> {
    return this.#inner.close();
  }
}

async function observed<Result>(operation: Operation, run: () => Promise<Result>): Promise<Result> {
  const startedAt = performance.now();
  try {
    if (!isTracing()) return await run();
    return await traced({ name: operation.name, kind: 'client', attributes: {} }, run);
  } catch (error) {
    operation.failed(error instanceof DatabaseError ? error.kind : 'Unexpected').inc();
    throw error;
  } finally {
    operation.seconds.observe((performance.now() - startedAt) / 1000);
  }
}
