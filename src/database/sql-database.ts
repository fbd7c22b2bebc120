import { setImmediate } from 'node:timers/promises';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type Database from 'better-sqlite3';
import type { DataSource } from 'typeorm';
import { BUSY_TIMEOUT_MS, BusyBackoff, isBusy } from './busy-database.js';
import { databaseError } from './database-error.js';
import { WriteAheadLog } from './write-ahead-log.js';
import { isOn } from '../config/shortcuts.js';

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
 * Runs plain SQL for the rows that every upload writes and every listing reads: TypeORM's mapping would cost more than the rest
 * of such a request.
 */
@Injectable()
export class SqlDatabase implements OnApplicationShutdown {
  readonly #statements = new Map<string, Database.Statement>();
  readonly #mostWrites = isOn('shared-commits') ? Infinity : 1;
  readonly #keepsStatements = isOn('prepared-statements');
  #writes: Write[] = [];
  #committing: Promise<void> | undefined;
  readonly #syncsLater = isOn('log-syncs');
  readonly #log: WriteAheadLog;

  // Created once, because creating a transaction costs as much as running it.
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
   * Reads rows as objects. The caller names the columns and so knows their types. A row costs about a microsecond.
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
   * Reads rows as arrays, in the order of the columns of the statement. Many rows cost half of what `read` takes.
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
   * Runs all of the statements or none. Calls of one turn of the event loop are committed together. A resolved write survives
   * the end of the process, and about half a second later a power cut: only the file of an upload waits for the disk.
   *
   * @param timeoutMs the longest wait for a lock of another process, without blocking the event loop.
   * @returns the number of rows that each statement has changed.
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
      // TypeORM uses the same connection: wait for the end of its transaction instead of joining it.
      do await setImmediate();
      while (this.#connection.inTransaction);
      if (this.#commit()) backoff = new BusyBackoff();
      else await backoff.next();
    }
    this.#committing = undefined;
  }

  /** @returns false if another process has the lock: writes whose deadline has not passed are queued again. */
  #commit(): boolean {
    const writes = this.#writes.splice(0, this.#mostWrites);
    let outcomes: WriteOutcome[] = [];
    try {
      // `WriteAheadLog` syncs in a thread instead, without blocking the event loop.
      if (this.#syncsLater) this.#connection.pragma('synchronous = NORMAL');
      outcomes = this.#transaction.immediate(writes);
      if (this.#syncsLater) this.#log.syncSoon();
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

  /** Runs within the transaction; a failed write rolls back its own statements only. */
  #run({ statements }: Write): WriteOutcome {
    try {
      return { changes: statements.length === 1 ? this.#changes(statements) : this.#allOrNone(statements) };
    } catch (error) {
      if (!this.#connection.inTransaction) throw error; // SQLite has rolled everything back
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
    if (this.#keepsStatements) this.#statements.set(sql, prepared);
    return prepared;
  }

  get #connection(): Database.Database {
    // TypeORM's driver for better-sqlite3 keeps its one connection here, without a type.
    return (this.dataSource.driver as unknown as { readonly databaseConnection: Database.Database })
      .databaseConnection;
  }
}
