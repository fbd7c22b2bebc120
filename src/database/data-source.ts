import type { DataSource } from 'typeorm';
import type { DatabaseConfig } from '../config/database-config.js';
import { EndedSessionEntity } from '../auth/ended-session.entity.js';
import { QueryRecordEntity } from '../query/runs/query-record.entity.js';
import { ConnectionEntity } from '../stages/connections/connection.entity.js';
import { StageEntity } from '../stages/catalog/stage.entity.js';
import { UserEntity } from '../users/accounts/user.entity.js';
import { GrantEntity } from '../users/grants/grant.entity.js';
import { RoleEntity, RoleMemberEntity } from '../users/roles/role.entity.js';
import { ApiTokenEntity } from '../users/tokens/api-token.entity.js';
import type { Schema } from './schema.js';
import { sqliteDataSource } from './sqlite/sqlite-data-source.js';
import { CreateStagesAndUsers1795300000000 } from './migrations/1795300000000-create-stages-and-users.js';
import { CreateConnections1795400000000 } from './migrations/1795400000000-create-connections.js';
import { CreateQueriesAndSessions1795500000000 } from './migrations/1795500000000-create-queries-and-sessions.js';
import { CreateUploads1795600000000 } from './migrations/1795600000000-create-uploads.js';
import { AddContentTypes1795700000000 } from './migrations/1795700000000-add-content-types.js';
import { NameStoresOnce1795800000000 } from './migrations/1795800000000-name-stores-once.js';
import { AddKeyIds1795900000000 } from './migrations/1795900000000-add-key-ids.js';
import { AddCredentialsAndSigningKeys1796000000000 } from './migrations/1796000000000-add-credentials-and-signing-keys.js';
import { CompareByBytes1796100000000 } from './migrations/1796100000000-compare-by-bytes.js';
import { ShareBetweenServers1796200000000 } from './migrations/1796200000000-share-between-servers.js';
import { AddPeople1796300000000 } from './migrations/1796300000000-add-people.js';
import { WatchUploads1796410000000 } from './migrations/1796410000000-watch-uploads.js';
import { ReferToConnections1796420000000 } from './migrations/1796420000000-refer-to-connections.js';
import { SlimLeftovers1796430000000 } from './migrations/1796430000000-slim-leftovers.js';
import { CreateAuditEvents1796440000000 } from './migrations/1796440000000-create-audit-events.js';
import { AddQuotas1796450000000 } from './migrations/1796450000000-add-quotas.js';
import { OrderCommits1796450000001 } from './migrations/1796450000001-order-commits.js';
import { ScanLeftovers1796460500000 } from './migrations/1796460500000-scan-leftovers.js';

const ENTITIES = [
  ApiTokenEntity,
  ConnectionEntity,
  EndedSessionEntity,
  GrantEntity,
  QueryRecordEntity,
  RoleEntity,
  RoleMemberEntity,
  StageEntity,
  UserEntity,
];

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
  CompareByBytes1796100000000,
  ShareBetweenServers1796200000000,
  AddPeople1796300000000,
  WatchUploads1796410000000,
  ReferToConnections1796420000000,
  SlimLeftovers1796430000000,
  CreateAuditEvents1796440000000,
  AddQuotas1796450000000,
  OrderCommits1796450000001,
  ScanLeftovers1796460500000,
];

const SCHEMA: Schema = { entities: ENTITIES, migrations: MIGRATIONS, synchronize: false };

/**
 * Creates a data source for the service, or for TypeORM's own CLI: it waits for locks, and throws DatabaseErrors. Loads the client of
 * that database only.
 */
export async function createDataSource(config: DatabaseConfig): Promise<DataSource> {
  if (config.kind === 'sqlite') return sqliteDataSource(config, SCHEMA);
  const { postgresDataSource } = await import('./postgres/postgres-data-source.js');
  return postgresDataSource(config, SCHEMA);
}
