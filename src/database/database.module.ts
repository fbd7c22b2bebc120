import { Global, Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { READINESS } from '../common/readiness.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { dataSourceOptions } from './data-source-options.js';
import { openDatabase, type OpenOptions } from './open-database.js';
import { SqlDatabase } from './sql-database.js';
import { assertNoInterruptedRestore } from './interrupted-restore.js';
import { WriteProbe } from './write-probe.js';

@Global()
@Module({})
export class DatabaseModule {
  static forRoot(opening: OpenOptions): DynamicModule {
    return {
      module: DatabaseModule,
      imports: [
        TypeOrmModule.forRootAsync({
          inject: [APP_CONFIG],
          useFactory: ({ dataDir, databasePath }: AppConfig) => {
            assertNoInterruptedRestore(dataDir);
            // `openDatabase` itself retries what a wait can mend.
            return { ...dataSourceOptions(databasePath), toRetry: () => false };
          },
          dataSourceFactory: (options) => {
            if (options === undefined) throw new TypeError('A database is opened by its options.');
            return openDatabase(options, opening);
          },
        }),
      ],
      providers: [SqlDatabase, { provide: READINESS, useClass: WriteProbe }],
      exports: [READINESS, SqlDatabase],
    };
  }
}
