import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { UsersModule } from '../users/users.module.js';
import { FileMetadataModule } from '../file-metadata/file-metadata.module.js';
import { StorageModule } from '../storage/storage.module.js';
import { InternalStorageCheck } from './check/internal-storage-check.js';
import { StageCheckController } from './check/stage-check.controller.js';
import { StageChecks } from './check/stage-checks.js';
import { ConnectionCatalog } from './connections/connection-catalog.js';
import { ConnectionEntity } from './connections/connection.entity.js';
import { ConnectionRepository } from './connections/connection.repository.js';
import { UnreadableConnections } from './connections/unreadable-connections.repository.js';
import { ExternalConnections } from './connections/external-connections.js';
import { StageCatalog } from './catalog/stage-catalog.js';
import { StageController } from './catalog/stage.controller.js';
import { StageEntity } from './catalog/stage.entity.js';
import { StageFilesController } from './files/stage-files.controller.js';
import { StageReindexer } from './files/stage-reindexer.js';
import { StageRepository } from './catalog/stage.repository.js';
import { StageService } from './files/stage.service.js';
import { StageStorage } from './files/stage-storage.js';
import { GrantableNames } from './grantable-names.js';
import { StageOwners } from './stage-owners.js';
import { StageViews } from './catalog/stage-views.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([StageEntity, ConnectionEntity]),
    StorageModule,
    FileMetadataModule,
    UsersModule,
  ],
  controllers: [StageController, StageCheckController, StageFilesController],
  providers: [
    StageRepository,
    ConnectionRepository,
    StageStorage,
    StageChecks,
    InternalStorageCheck,
    ExternalConnections,
    StageCatalog,
    ConnectionCatalog,
    StageViews,
    StageService,
    StageReindexer,
    UnreadableConnections,
    StageOwners,
    GrantableNames,
  ],
  exports: [
    StageCatalog,
    ConnectionCatalog,
    StageViews,
    StageService,
    StageStorage,
    StageReindexer,
    UnreadableConnections,
    StageOwners,
    GrantableNames,
  ],
})
export class StagesModule {}
