import type { OnApplicationShutdown } from '@nestjs/common';
import type { Sql, SqlStatement, SqlValue } from './sql.js';

/** The longest wait for a database that is locked, or away for a moment. */
export const WRITE_TIMEOUT_MS = 10_000;

/** @param changes the number of rows that each statement has changed. */
export type CommitListener = (statements: readonly SqlStatement[], changes: readonly number[]) => void;

/**
 * Runs plain SQL for the rows that every upload writes and every listing reads: TypeORM's mapping would cost more than the rest
 * of such a request. An abstract class, because Nest injects by classes.
 */
export abstract class SqlDatabase implements OnApplicationShutdown {
  readonly #listeners: CommitListener[] = [];

  /** The most bytes that the texts of a row's key may have together. */
  abstract readonly maxKeyBytes: number;

  /**
   * Reads rows as objects.
   *
   * @throws DatabaseError
   */
  abstract read<Row>(sql: Sql<Row>, ...values: SqlValue[]): Promise<readonly Row[]>;

  /**
   * Reads rows as arrays, in the order of the columns of the statement. Many rows cost half of what `read` takes.
   *
   * @throws DatabaseError
   */
  abstract readRows<Row extends readonly unknown[]>(
    sql: Sql<Row>,
    ...values: SqlValue[]
  ): Promise<readonly Row[]>;

  /**
   * Runs all of the statements or none. Calls of one turn of the event loop are committed together. A resolved write survives
   * the end of this process.
   *
   * @param timeoutMs the longest wait for a database that is locked or away, without blocking the event loop.
   * @returns the number of rows that each statement has changed.
   * @throws DatabaseError
   */
  abstract write(statements: readonly SqlStatement[], timeoutMs?: number): Promise<readonly number[]>;

  /** Calls the listener after each write that was committed. It must not throw. */
  onCommit(listener: CommitListener): void {
    this.#listeners.push(listener);
  }

  /** Commits something that changes no row. @throws DatabaseError if the database takes no write. */
  abstract probe(timeoutMs: number): Promise<void>;

  /** Ends the connections, after everything that was asked for is committed. */
  abstract close(): Promise<void>;

  async onApplicationShutdown(): Promise<void> {
    await this.close();
  }

  protected tellCommitted(statements: readonly SqlStatement[], changes: readonly number[]): void {
    for (const listener of this.#listeners) listener(statements, changes);
  }
}
