import type Database from 'better-sqlite3';
import type { DataSourceOptions } from 'typeorm';
import { EndedSessionEntity } from '../auth/ended-session.entity.js';
import { QueryRecordEntity } from '../query/runs/query-record.entity.js';
import { ConnectionEntity } from '../stages/connections/connection.entity.js';
import { StageEntity } from '../stages/catalog/stage.entity.js';
import { UserEntity } from '../users/user.entity.js';
import { makeDatabasePrivate } from './private-database.js';
import { sqliteDriver } from './sqlite-driver.js';
import { CreateStagesAndUsers1795300000000 } from './migrations/1795300000000-create-stages-and-users.js';
import { CreateConnections1795400000000 } from './migrations/1795400000000-create-connections.js';
import { CreateQueriesAndSessions1795500000000 } from './migrations/1795500000000-create-queries-and-sessions.js';
import { CreateUploads1795600000000 } from './migrations/1795600000000-create-uploads.js';
import { AddContentTypes1795700000000 } from './migrations/1795700000000-add-content-types.js';
import { NameStoresOnce1795800000000 } from './migrations/1795800000000-name-stores-once.js';
import { AddKeyIds1795900000000 } from './migrations/1795900000000-add-key-ids.js';
import { AddCredentialsAndSigningKeys1796000000000 } from './migrations/1796000000000-add-credentials-and-signing-keys.js';

const ENTITIES = [ConnectionEntity, EndedSessionEntity, QueryRecordEntity, StageEntity, UserEntity];

/** In order of their timestamps; only ever added. */
const MIGRATIONS = [
  CreateStagesAndUsers1795300000000,
  CreateConnections1795400000000,
  CreateQueriesAndSessions1795500000000,
  CreateUploads1795600000000,
  AddContentTypes1795700000000,
  NameStoresOnce1795800000000,
  AddKeyIds1795900000000,
  AddCredentialsAndSigningKeys1796000000000,
];

/** The size that the file of the write-ahead log keeps at most. SQLite's own checkpoints keep it at a quarter of that. */
const MAX_LOG_BYTES = 16 * 1024 * 1024;

/** Options for the service and for TypeORM's own CLI. Only migrations change the schema. */
export function dataSourceOptions(databasePath: string): DataSourceOptions {
  makeDatabasePrivate(databasePath);
  return {
    type: 'better-sqlite3',
    driver: sqliteDriver(),
    database: databasePath,
    entities: ENTITIES,
    migrations: MIGRATIONS,
    synchronize: false,
    timeout: 0, // SQLite's own wait would block the event loop: `busy-database.ts` waits instead
    prepareDatabase,
  };
}

function prepareDatabase(database: Database.Database): void {
  database.pragma('journal_mode = WAL');
  // In WAL mode a commit with FULL survives a power cut; metadata is written rarely enough to afford it.
  database.pragma('synchronous = FULL');
  // The log grows during a long read. Without a limit the file would keep that size afterwards.
  database.pragma(`journal_size_limit = ${String(MAX_LOG_BYTES)}`);
  database.pragma('foreign_keys = ON');
}
