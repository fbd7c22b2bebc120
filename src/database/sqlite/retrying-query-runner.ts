import type { DataSource } from 'typeorm';
import { BetterSqlite3QueryRunner } from 'typeorm/driver/better-sqlite3/BetterSqlite3QueryRunner.js';
import { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver.js';
import { retryWhileBusy } from './busy-database.js';
import { sqliteError } from './sqlite-error.js';

/**
 * Runs TypeORM's statements, and waits for another process's lock without blocking the thread, as SQLite's own wait would. A
 * failure of the database becomes a DatabaseError; a violated constraint stays TypeORM's error.
 */
class RetryingQueryRunner extends BetterSqlite3QueryRunner {
  override async query(query: string, parameters?: unknown[], useStructuredResult?: boolean): Promise<never> {
    // TypeORM declares results as `any`; `never` is assignable wherever that is.
    try {
      return await retryWhileBusy(
        () => super.query(query, parameters, useStructuredResult) as Promise<never>,
      );
    } catch (error) {
      throw sqliteError(error);
    }
  }
}

/** Makes a data source wait for locks. Call it before the data source is initialized. */
export function retryWhenBusy(dataSource: DataSource): void {
  const { driver } = dataSource;
  if (!(driver instanceof BetterSqlite3Driver)) throw new TypeError('This data source is not one of SQLite.');
  driver.queryRunner = new RetryingQueryRunner(driver); // the driver creates one only if it has none
}
