import { DataSource } from 'typeorm';
import type { SqliteConfig } from '../../config/database-config.js';
import type { Schema } from '../schema.js';
import { makeDatabasePrivate } from './private-database.js';
import { retryWhenBusy } from './retrying-query-runner.js';
import { prepareConnection } from './sqlite-connection.js';
import { sqliteDriver } from './sqlite-driver.js';

/** A file of SQLite, which is made private before it is opened. */
export function sqliteDataSource({ path }: SqliteConfig, schema: Schema): DataSource {
  makeDatabasePrivate(path);
  const dataSource = new DataSource({
    type: 'better-sqlite3',
    driver: sqliteDriver(),
    database: path,
    timeout: 0, // SQLite's own wait would block the event loop: `busy-database.ts` waits instead
    prepareDatabase: prepareConnection,
    ...schema,
  });
  retryWhenBusy(dataSource);
  return dataSource;
}
