import { Global, Module } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { READINESS, type Readiness } from '../common/readiness.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { dataSourceOptions } from './data-source-options.js';
import { openDatabase } from './open-database.js';
import { SqlDatabase } from './sql-database.js';

@Global()
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [APP_CONFIG],
      useFactory: (config: AppConfig) => ({ ...dataSourceOptions(config.databasePath), retryAttempts: 0 }),
      dataSourceFactory: openDatabase,
    }),
  ],
  providers: [
    SqlDatabase,
    {
      provide: READINESS,
      inject: [getDataSourceToken()],
      useFactory: (database: DataSource): Readiness => ({
        check: async () => {
          await database.query('SELECT 1');
        },
      }),
    },
  ],
  exports: [READINESS, SqlDatabase],
})
export class DatabaseModule {}
