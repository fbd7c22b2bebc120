import type { DataSource } from 'typeorm';
import { PostgresDriver } from 'typeorm/driver/postgres/PostgresDriver.js';
import { PostgresQueryRunner } from 'typeorm/driver/postgres/PostgresQueryRunner.js';
import { postgresError } from './postgres-error.js';

/** Runs TypeORM's statements. A failure of the database becomes a DatabaseError; a violated constraint stays TypeORM's error. */
class TranslatingQueryRunner extends PostgresQueryRunner {
  override async query(query: string, parameters?: unknown[], useStructuredResult?: boolean): Promise<never> {
    // TypeORM declares results as `any`; `never` is assignable wherever that is.
    try {
      return (await super.query(query, parameters, useStructuredResult)) as never;
    } catch (error) {
      throw postgresError(error);
    }
  }
}

/** Makes a data source translate the errors of its database. */
export function translateErrors(dataSource: DataSource): void {
  const { driver } = dataSource;
  if (!(driver instanceof PostgresDriver)) throw new TypeError('This data source is not one of PostgreSQL.');
  driver.createQueryRunner = (mode) => new TranslatingQueryRunner(driver, mode);
}
