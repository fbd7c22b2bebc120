import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type Database from 'better-sqlite3';
import { DAMAGED, databaseError, sqliteCode } from './database-error.js';
import { sqliteDriver } from './sqlite-driver.js';
import type { SqlStatement } from './sql-database.js';
import { damaged, startProblem } from './start-problem.js';

/** A copy of a database as it was at one moment, in a file of its own. */
export class DatabaseSnapshot {
  readonly #copy: Database.Database;
  readonly #path: string;

  private constructor(path: string) {
    this.#path = path;
    this.#copy = new (sqliteDriver())(path);
  }

  /**
   * Copies a database that may be in use: writers are not held up.
   *
   * @param target a path at which nothing is.
   * @throws DatabaseError
   */
  static take(source: string, target: string): DatabaseSnapshot {
    const database = new (sqliteDriver())(source, { fileMustExist: true });
    try {
      database.prepare('VACUUM INTO ?').run(target);
    } catch (error) {
      // The copy's disk can be full or read-only; damaged is the original.
      throw startProblem(error, DAMAGED.test(sqliteCode(error) ?? '') ? source : target);
    } finally {
      database.close();
    }
    return new DatabaseSnapshot(target);
  }

  /** All of the statements or none. */
  write(statements: readonly SqlStatement[]): void {
    try {
      this.#copy.transaction(() => {
        for (const { sql, values } of statements) this.#copy.prepare(sql).run(...values);
      })();
    } catch (error) {
      throw databaseError(error);
    }
  }

  /** The copy is one whole file on the disk when it resolves. */
  async close(): Promise<void> {
    this.#copy.close();
    const handle = await open(this.#path, 'r+');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

/** @throws DatabaseError that says what is wrong with the file. */
export function assertIntegrity(path: string): void {
  const database = new (sqliteDriver())(path, { readonly: true, fileMustExist: true });
  try {
    const result = database.pragma('integrity_check(1)', { simple: true });
    if (result !== 'ok') throw damaged(path, String(result).replaceAll(/\s+/g, ' '));
  } catch (error) {
    throw startProblem(error, path);
  } finally {
    database.close();
  }
}

/**
 * Does a process have the database open? SQLite lets nobody have a database alone while another one is connected to it.
 *
 * @returns false where there is no database, or none that a process could use.
 */
export function isInUse(path: string): boolean {
  if (!existsSync(path)) return false;
  let database: Database.Database | undefined;
  try {
    database = new (sqliteDriver())(path, { timeout: 0 });
    database.pragma('locking_mode = EXCLUSIVE');
    database.exec('BEGIN EXCLUSIVE; ROLLBACK');
    return false;
  } catch (error) {
    return sqliteCode(error)?.startsWith('SQLITE_BUSY') ?? false;
  } finally {
    database?.close();
  }
}
