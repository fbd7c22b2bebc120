import { setImmediate } from 'node:timers/promises';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type Database from 'better-sqlite3';
import type { DataSource } from 'typeorm';
import { BUSY_TIMEOUT_MS, BusyBackoff, isBusy } from './busy-database.js';
import { databaseError } from './database-error.js';
import { WriteAheadLog } from './write-ahead-log.js';

export type SqlValue = string | number | null;

export interface SqlStatement {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

interface Write {
  readonly statements: readonly SqlStatement[];
  /** On the clock of `performance`. */
  readonly deadline: number;
  readonly settle: (outcome: WriteOutcome) => void;
}

type WriteOutcome = { readonly changes: readonly number[] } | { readonly error: unknown };

/**
 * SQL as it stands, for what is written at every upload and read at every listing: TypeORM's mapping would cost more than
 * all the rest of them.
 */
@Injectable()
export class SqlDatabase implements OnApplicationShutdown {
  readonly #statements = new Map<string, Database.Statement>();
  #writes: Write[] = [];
  #committing: Promise<void> | undefined;
  readonly #log: WriteAheadLog;

  // Made once: to make one costs as much as to run it.
  readonly #transaction: Database.Transaction<(writes: readonly Write[]) => WriteOutcome[]>;
  readonly #allOrNone: Database.Transaction<(statements: readonly SqlStatement[]) => number[]>;

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {
    const connection = this.#connection;
    this.#log = new WriteAheadLog(connection.name);
    this.#transaction = connection.transaction((writes) => writes.map((write) => this.#run(write)));
    this.#allOrNone = connection.transaction((statements) => this.#changes(statements));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#committing;
    await this.#log.close();
  }

  /**
   * The rows, which the caller knows the form of: it has named the columns. A row costs about a microsecond.
   *
   * @throws DatabaseError
   */
  read(sql: string, ...values: SqlValue[]): readonly unknown[] {
    try {
      return this.#prepared(sql)
        .raw(false)
        .all(...values);
    } catch (error) {
      throw databaseError(error);
    }
  }

  /**
   * The rows as arrays, in the order of the columns that the caller has named: where there are many, half the cost.
   *
   * @throws DatabaseError
   */
  readRows(sql: string, ...values: SqlValue[]): readonly (readonly unknown[])[] {
    try {
      return this.#prepared(sql)
        .raw(true)
        .all(...values) as unknown[][]; // raw
    } catch (error) {
      throw databaseError(error);
    }
  }

  /**
   * All of the statements or none. What is asked for in one turn of the event loop is committed together. When it resolves it
   * survives the end of the process, and soon after a power cut too: a wait for the disk in every upload is for its file.
   *
   * @param timeoutMs how long it waits where another process has the lock. The event loop goes on meanwhile.
   * @returns how many rows each statement has changed.
   * @throws DatabaseError
   */
  async write(statements: readonly SqlStatement[], timeoutMs = BUSY_TIMEOUT_MS): Promise<readonly number[]> {
    const deadline = performance.now() + timeoutMs;
    const outcome = await new Promise<WriteOutcome>((settle) => {
      this.#writes.push({ statements, deadline, settle });
      this.#committing ??= this.#commitAll();
    });
    if ('error' in outcome) throw databaseError(outcome.error);
    return outcome.changes;
  }

  async #commitAll(): Promise<void> {
    let backoff = new BusyBackoff();
    while (this.#writes.length > 0) {
      // TypeORM has the same connection: a transaction of its own is not to be joined.
      do await setImmediate();
      while (this.#connection.inTransaction);
      if (this.#commit()) backoff = new BusyBackoff();
      else await backoff.next();
    }
    this.#committing = undefined;
  }

  /** @returns false where another process has the lock: what can wait, waits. */
  #commit(): boolean {
    const writes = this.#writes;
    this.#writes = [];
    let outcomes: WriteOutcome[] = [];
    try {
      // Synced by a thread instead, which holds nobody up.
      this.#connection.pragma('synchronous = NORMAL');
      outcomes = this.#transaction.immediate(writes);
      this.#log.syncSoon();
    } catch (error) {
      if (isBusy(error)) {
        this.#requeue(writes, error);
        return false;
      }
      outcomes = writes.map(() => ({ error }));
    } finally {
      if (this.#connection.open) this.#connection.pragma('synchronous = FULL');
    }
    writes.forEach(({ settle }, index) => {
      settle(outcomes[index] ?? { error: new TypeError('a write without an outcome') });
    });
    return true;
  }

  #requeue(writes: readonly Write[], error: unknown): void {
    const now = performance.now();
    for (const write of writes) {
      if (write.deadline <= now) write.settle({ error });
      else this.#writes.push(write);
    }
  }

  /** Within the transaction: one that fails takes only itself back. */
  #run({ statements }: Write): WriteOutcome {
    try {
      return { changes: statements.length === 1 ? this.#changes(statements) : this.#allOrNone(statements) };
    } catch (error) {
      if (!this.#connection.inTransaction) throw error; // SQLite has taken everything back
      return { error };
    }
  }

  #changes(statements: readonly SqlStatement[]): number[] {
    return statements.map(({ sql, values }) => this.#prepared(sql).run(...values).changes);
  }

  #prepared(sql: string): Database.Statement {
    const cached = this.#statements.get(sql);
    if (cached !== undefined) return cached;
    const prepared = this.#connection.prepare(sql);
    this.#statements.set(sql, prepared);
    return prepared;
  }

  get #connection(): Database.Database {
    // TypeORM's driver for better-sqlite3 keeps its one connection here, without a type.
    return (this.dataSource.driver as unknown as { readonly databaseConnection: Database.Database })
      .databaseConnection;
  }
}
