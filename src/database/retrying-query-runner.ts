import type { DataSource } from 'typeorm';
import { BetterSqlite3QueryRunner } from 'typeorm/driver/better-sqlite3/BetterSqlite3QueryRunner.js';
import { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver.js';
import { retryWhileBusy } from './busy-database.js';
import { databaseError } from './database-error.js';

/**
 * Runs TypeORM's statements, and waits for another process's lock without holding the thread, as SQLite itself would. What the
 * database cannot do is a DatabaseError; what it refuses for its content stays TypeORM's error.
 */
class RetryingQueryRunner extends BetterSqlite3QueryRunner {
  override async query(query: string, parameters?: unknown[], useStructuredResult?: boolean): Promise<never> {
    // TypeORM declares no type of a result: `never` is what its own declaration, any, passes as.
    try {
      return await retryWhileBusy(
        () => super.query(query, parameters, useStructuredResult) as Promise<never>,
      );
    } catch (error) {
      throw databaseError(error);
    }
  }
}

/** To be called before the data source is initialized. */
export function retryWhenBusy(dataSource: DataSource): void {
  const { driver } = dataSource;
  if (!(driver instanceof BetterSqlite3Driver))
    throw new TypeError('A database of the service is one of SQLite.');
  driver.queryRunner = new RetryingQueryRunner(driver); // the driver makes one only where it has none
}
