import { setImmediate } from 'node:timers/promises';
import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type Database from 'better-sqlite3';
import type { DataSource } from 'typeorm';
import { databaseError } from './database-error.js';
import { WriteAheadLog } from './write-ahead-log.js';

export type SqlValue = string | number | null;

export interface SqlStatement {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** What a write is to survive once it has resolved: the end of the process, or a power cut too. */
export type Durability = 'process' | 'power';

interface Write {
  readonly statements: readonly SqlStatement[];
  readonly durability: Durability;
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

  constructor(@InjectDataSource() private readonly dataSource: DataSource) {
    this.#log = new WriteAheadLog(this.#connection.name);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.#log.close();
  }

  /**
   * The rows, which the caller knows the form of: it has named the columns. A row costs about a microsecond.
   *
   * @throws DatabaseError
   */
  read(sql: string, ...values: SqlValue[]): readonly unknown[] {
    try {
      return this.#prepared(sql).all(...values);
    } catch (error) {
      throw databaseError(error);
    }
  }

  /**
   * All of the statements or none; durable when it resolves. What is asked for in one turn of the event loop is committed
   * together, and waits for the disk together, if at all.
   *
   * @returns how many rows each statement has changed.
   * @throws DatabaseError
   */
  async write(
    statements: readonly SqlStatement[],
    durability: Durability = 'power',
  ): Promise<readonly number[]> {
    const outcome = await new Promise<WriteOutcome>((settle) => {
      this.#writes.push({ statements, durability, settle });
      this.#committing ??= this.#commitSoon();
    });
    if ('error' in outcome) throw databaseError(outcome.error);
    return outcome.changes;
  }

  async #commitSoon(): Promise<void> {
    // TypeORM has the same connection: a transaction of its own is not to be joined.
    do await setImmediate();
    while (this.#connection.inTransaction);
    const writes = this.#writes;
    this.#writes = [];
    this.#committing = undefined;
    this.#commit(writes);
  }

  #commit(writes: readonly Write[]): void {
    let outcomes: WriteOutcome[] = [];
    try {
      // The sync of a commit would hold everybody up: it is done by a thread instead.
      this.#connection.pragma('synchronous = NORMAL');
      this.#connection
        .transaction(() => {
          outcomes = writes.map((write) => this.#run(write));
        })
        .immediate();
    } catch (error) {
      outcomes = writes.map(() => ({ error }));
    } finally {
      this.#connection.pragma('synchronous = FULL');
    }
    writes.forEach(({ settle, durability }, index) => {
      const outcome = outcomes[index] ?? { error: new TypeError('a write without an outcome') };
      if (durability === 'process' || 'error' in outcome) settle(outcome);
      else
        this.#log.synced().then(
          () => {
            settle(outcome);
          },
          (error: unknown) => {
            settle({ error });
          },
        );
    });
  }

  /** Within the transaction: one that fails takes only itself back. */
  #run({ statements }: Write): WriteOutcome {
    try {
      const run = (): number[] =>
        statements.map(({ sql, values }) => this.#prepared(sql).run(...values).changes);
      return { changes: statements.length === 1 ? run() : this.#connection.transaction(run)() };
    } catch (error) {
      if (!this.#connection.inTransaction) throw error; // SQLite has taken everything back
      return { error };
    }
  }

  #prepared(sql: string): Database.Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
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
