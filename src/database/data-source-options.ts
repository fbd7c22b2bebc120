import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type Database from 'better-sqlite3';
import type { DataSourceOptions } from 'typeorm';
import { StageEntity } from '../stages/stage.entity.js';
import { UserEntity } from '../users/user.entity.js';
import { sqliteDriver } from './sqlite-driver.js';
import { CreateStagesAndUsers1795300000000 } from './migrations/1795300000000-create-stages-and-users.js';

/** What the service and TypeORM's own CLI open. The schema changes by migrations alone. */
export function dataSourceOptions(databasePath: string): DataSourceOptions {
  mkdirSync(dirname(databasePath), { recursive: true });
  return {
    type: 'better-sqlite3',
    driver: sqliteDriver(),
    database: databasePath,
    entities: [StageEntity, UserEntity],
    migrations: [CreateStagesAndUsers1795300000000],
    migrationsRun: true,
    synchronize: false,
    prepareDatabase,
  };
}

function prepareDatabase(database: Database.Database): void {
  database.pragma('journal_mode = WAL');
  // In WAL mode a commit with FULL survives a power cut; metadata is written seldom enough to pay for it.
  database.pragma('synchronous = FULL');
  database.pragma('busy_timeout = 5000');
  database.pragma('foreign_keys = ON');
}
