import { Global, Module, type DynamicModule } from '@nestjs/common';
import { getDataSourceToken, TypeOrmModule } from '@nestjs/typeorm';
import type { AppConfig } from '../config/app-config.js';
import { Metrics } from '../metrics/metrics.js';
import { assertNoInterruptedRestore } from './interrupted-restore.js';
import { ObservedDatabase } from './observed-database.js';
import { openDatabase, openSqlDatabase } from './open-database.js';
import type { OpenOptions } from './open-options.js';
import { SqlDatabase } from './sql-database.js';
import { WriteProbe } from './write-probe.js';

@Global()
@Module({})
export class DatabaseModule {
  static forRoot(config: AppConfig, opening: OpenOptions): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRootAsync({
          useFactory: () => {
            assertNoInterruptedRestore(config.dataDir);
            // `openDatabase` makes the data source, and retries what a wait can mend: Nest uses no other option.
            return { type: 'postgres', toRetry: () => false };
          },
          dataSourceFactory: () => openDatabase(config.database, opening),
        }),
      ],
      providers: [
        {
          provide: SqlDatabase,
          inject: [Metrics, getDataSourceToken()], // which creates the tables
          useFactory: async (metrics: Metrics) =>
            new ObservedDatabase(await openSqlDatabase(config.database), metrics),
        },
        WriteProbe,
      ],
      exports: [SqlDatabase, WriteProbe],
    };
  }
}
