import { existsSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type Database from 'better-sqlite3';
import type { SqlStatement } from '../sql.js';
import { sqliteDriver } from './sqlite-driver.js';
import { DAMAGED, sqliteCode, sqliteError } from './sqlite-error.js';
import { damaged, startProblem } from './sqlite-start-problem.js';

/** A consistent copy of a database in a file of its own. */
export class SqliteSnapshot {
  readonly #copy: Database.Database;
  readonly #path: string;

  /** @param path of a complete copy, which nobody else has open. */
  constructor(path: string) {
    this.#path = path;
    this.#copy = new (sqliteDriver())(path);
  }

  /**
   * Copies a database that may be in use, without blocking its writers.
   *
   * @param target a path at which no file exists.
   * @throws DatabaseError
   */
  static take(source: string, target: string): SqliteSnapshot {
    const database = new (sqliteDriver())(source, { fileMustExist: true });
    try {
      database.prepare('VACUUM INTO ?').run(target);
    } catch (error) {
      // Only the original can be damaged; a full or read-only disk is the copy's.
      throw startProblem(error, DAMAGED.test(sqliteCode(error) ?? '') ? source : target);
    } finally {
      database.close();
    }
    return new SqliteSnapshot(target);
  }

  /** Runs all of the statements in one transaction. */
  write(statements: readonly SqlStatement[]): void {
    try {
      this.#copy.transaction(() => {
        for (const { sql, values } of statements) this.#copy.prepare(sql.text).run(...values);
      })();
    } catch (error) {
      throw sqliteError(error);
    }
  }

  /** Resolves when the copy is one complete file, synced to the disk. */
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

/** @throws DatabaseError that says how the file is damaged. */
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
 * Does a process have the database open? SQLite grants an exclusive lock only while no other process is connected.
 *
 * @returns false if no database exists, or none that a process could use.
 */
export function isFileInUse(path: string): boolean {
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
