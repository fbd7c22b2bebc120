import type Database from 'better-sqlite3';
import { isOn } from '../../config/shortcuts.js';
import {
  CommitQueue,
  failAll,
  withoutExpired,
  type PendingWrite,
  type WriteOutcome,
} from '../commit-queue.js';
import { SqlDatabase, WRITE_TIMEOUT_MS } from '../sql-database.js';
import { sql, type Sql, type SqlStatement, type SqlValue } from '../sql.js';
import { isBusy } from './busy-database.js';
import { connectSqlite } from './sqlite-connection.js';
import { sqliteError } from './sqlite-error.js';
import { WriteAheadLog } from './write-ahead-log.js';

/** Writes a number that every file has and SQLite does not interpret. */
const PROBE = sql('PRAGMA user_version = 1');

type RowForm = 'objects' | 'arrays';

/** Plain SQL on a connection of its own. A commit survives a power cut about half a second later. */
export class SqliteDatabase extends SqlDatabase {
  readonly maxKeyBytes = Infinity;
  readonly #connection: Database.Database;
  /** By their texts, and by the form of their rows. */
  readonly #statements: Readonly<Record<RowForm, Map<string, Database.Statement>>> = {
    objects: new Map(),
    arrays: new Map(),
  };
  readonly #keepsStatements = isOn('prepared-statements');
  readonly #syncsLater = isOn('log-syncs');
  readonly #log: WriteAheadLog;
  readonly #queue = new CommitQueue(this.#commit.bind(this), isOn('shared-commits') ? Infinity : 1);

  // Created once, because creating a transaction costs as much as running it.
  readonly #transaction: Database.Transaction<(writes: readonly PendingWrite[]) => WriteOutcome[]>;
  readonly #allOrNone: Database.Transaction<(statements: readonly SqlStatement[]) => number[]>;

  /** @param path of a database with the tables of the newest migration. */
  constructor(path: string) {
    super();
    this.#connection = connectSqlite(path);
    // `WriteAheadLog` syncs in a thread instead, without blocking the event loop.
    if (this.#syncsLater) this.#connection.pragma('synchronous = NORMAL');
    this.#log = new WriteAheadLog(path);
    this.#transaction = this.#connection.transaction((writes) => writes.map((write) => this.#run(write)));
    this.#allOrNone = this.#connection.transaction((statements) => this.#changes(statements));
  }

  async close(): Promise<void> {
    await this.#queue.drained();
    await this.#log.close();
    this.#connection.close();
  }

  read<Row>(query: Sql<Row>, ...values: SqlValue[]): Promise<readonly Row[]> {
    return this.#all(query, values, 'objects');
  }

  readRows<Row extends readonly unknown[]>(query: Sql<Row>, ...values: SqlValue[]): Promise<readonly Row[]> {
    return this.#all(query, values, 'arrays');
  }

  async write(statements: readonly SqlStatement[], timeoutMs = WRITE_TIMEOUT_MS): Promise<readonly number[]> {
    const outcome = await this.#queue.write(statements, timeoutMs);
    if ('error' in outcome) throw sqliteError(outcome.error);
    this.tellCommitted(statements, outcome.changes);
    return outcome.changes;
  }

  async probe(timeoutMs: number): Promise<void> {
    await this.write([PROBE.with()], timeoutMs);
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- SQLite answers within the call
  async #all<Row>(query: Sql<Row>, values: readonly SqlValue[], form: RowForm): Promise<readonly Row[]> {
    try {
      return this.#prepared(query, form).all(...values) as Row[]; // the rows of the text, which `Sql` declares
    } catch (error) {
      throw sqliteError(error);
    }
  }

  /** Writes wait while another connection has the lock, each until its deadline. */
  // eslint-disable-next-line @typescript-eslint/require-await -- SQLite answers within the call
  async #commit(writes: readonly PendingWrite[]): Promise<readonly PendingWrite[]> {
    try {
      settleAll(writes, this.#transaction.immediate(writes));
      if (this.#syncsLater) this.#log.syncSoon();
    } catch (error) {
      if (isBusy(error)) return withoutExpired(writes, error);
      failAll(writes, error);
    }
    return [];
  }

  /** Runs within the transaction; a failed write rolls back its own statements only. */
  #run({ statements }: PendingWrite): WriteOutcome {
    try {
      return { changes: statements.length === 1 ? this.#changes(statements) : this.#allOrNone(statements) };
    } catch (error) {
      if (!this.#connection.inTransaction) throw error; // SQLite has rolled everything back
      return { error };
    }
  }

  #changes(statements: readonly SqlStatement[]): number[] {
    return statements.map(({ sql: query, values }) => this.#prepared(query).run(...values).changes);
  }

  #prepared({ text }: Sql<unknown>, form: RowForm = 'objects'): Database.Statement {
    const cached = this.#statements[form].get(text);
    if (cached !== undefined) return cached;
    const prepared = this.#connection.prepare(text);
    if (form === 'arrays') prepared.raw();
    if (this.#keepsStatements) this.#statements[form].set(text, prepared);
    return prepared;
  }
}

function settleAll(writes: readonly PendingWrite[], outcomes: readonly WriteOutcome[]): void {
  writes.forEach(({ settle }, index) => {
    settle(outcomes[index] ?? { error: new TypeError('a write without an outcome') });
  });
}
