import pg from 'pg';
import { DataSource } from 'typeorm';
import type { PostgresConfig } from '../../config/database-config.js';
import type { Schema } from '../schema.js';
import { poolOptions, TYPEORM_CONNECTIONS } from './postgres-pool.js';
import { translateErrors } from './translating-query-runner.js';

/** A database of PostgreSQL, with a small pool of its own. */
export function postgresDataSource(config: PostgresConfig, schema: Schema): DataSource {
  const dataSource = new DataSource({
    type: 'postgres',
    driver: pg,
    installExtensions: false,
    extra: poolOptions(config, TYPEORM_CONNECTIONS),
    // The pool replaces a connection that ended while nobody used it.
    poolErrorHandler: () => undefined,
    ...schema,
  });
  translateErrors(dataSource);
  return dataSource;
}
