import { Module, type DynamicModule } from '@nestjs/common';
import type { AppConfig } from '../config/app-config.js';
import { ConfigModule } from '../config/config.module.js';
import { DatabaseModule } from '../database/database.module.js';
import type { OpenOptions } from '../database/open-options.js';
import { OrphanConnections } from '../journal/cleanup/orphan-connections.js';
import { OrphanRepository } from '../journal/cleanup/orphan.repository.js';
import { ProcessRepository } from '../journal/servers/process.repository.js';
import { KeysModule } from '../keys/keys.module.js';
import { FileMetadataModule } from '../file-metadata/file-metadata.module.js';
import { MetricsModule } from '../metrics/metrics.module.js';
import { PeopleModule } from '../people/people.module.js';
import { QUOTA_SERVICES } from '../quotas/quota-services.js';
import { StagesModule } from '../stages/stages.module.js';
import { StorageModule } from '../storage/storage.module.js';
import { UsersModule } from '../users/users.module.js';
import { UrlSigningKey } from '../presigned/url-signing-key.repository.js';
import { KeyRotation } from './rotation/key-rotation.js';
import { BackupWriter } from './backup/backup-writer.js';
import { SnapshotRecords } from './backup/snapshot-records.js';
import { RestoredFiles } from './backup/restored-files.js';

/** The services that commands need. None of them listens, sweeps, or changes the password of root. */
@Module({})
export class AdminModule {
  static forRoot(config: AppConfig, opening: OpenOptions): DynamicModule {
    return {
      module: AdminModule,
      imports: [
        ConfigModule.forRoot(config),
        KeysModule,
        MetricsModule,
        DatabaseModule.forRoot(config, opening),
        FileMetadataModule,
        StorageModule,
        StagesModule,
        UsersModule,
        PeopleModule,
      ],
      providers: [
        ProcessRepository,
        OrphanConnections,
        OrphanRepository,
        BackupWriter,
        RestoredFiles,
        SnapshotRecords,
        KeyRotation,
        UrlSigningKey,
        ...QUOTA_SERVICES,
      ],
    };
  }
}
