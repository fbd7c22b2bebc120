import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { UsersModule } from '../users/users.module.js';
import { FileMetadataModule } from '../file-metadata/file-metadata.module.js';
import { StorageModule } from '../storage/storage.module.js';
import { ArchiveController } from './archive/archive.controller.js';
import { InternalStorageCheck } from './check/internal-storage-check.js';
import { StageCheckController } from './check/stage-check.controller.js';
import { StageChecks } from './check/stage-checks.js';
import { ConnectionController } from './connections/connection.controller.js';
import { ConnectionCatalog } from './connections/connection-catalog.js';
import { ConnectionEntity } from './connections/connection.entity.js';
import { ConnectionRepository } from './connections/connection.repository.js';
import { UnreadableConnections } from './connections/unreadable-connections.repository.js';
import { ReferredConnections } from './connections/referred-connections.js';
import { ReferringStages } from './connections/referring-stages.js';
import { ExternalConnections } from './connections/external-connections.js';
import { StageCopies } from './copies/stage-copies.js';
import { StageCatalog } from './catalog/stage-catalog.js';
import { StageController } from './catalog/stage.controller.js';
import { StageListController } from './catalog/stage-list.controller.js';
import { StageEntity } from './catalog/stage.entity.js';
import { StageFilesController } from './files/stage-files.controller.js';
import { FileListings } from './files/listing/file-listings.js';
import { ListCursors } from './list-cursors.js';
import { StageReindexer } from './files/stage-reindexer.js';
import { StageRepository } from './catalog/stage.repository.js';
import { StageService } from './files/stage.service.js';
import { StageStorage } from './files/stage-storage.js';
import { StageTotals } from './totals/stage-totals.js';
import { TotalsController } from './totals/totals.controller.js';
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
  controllers: [
    StageFilesController,
    StageController,
    StageListController,
    StageCheckController,
    TotalsController,
    ArchiveController,
    ConnectionController,
  ],
  providers: [
    StageRepository,
    ConnectionRepository,
    ReferredConnections,
    ReferringStages,
    StageStorage,
    StageChecks,
    InternalStorageCheck,
    ExternalConnections,
    StageCatalog,
    ConnectionCatalog,
    StageViews,
    StageService,
    ListCursors,
    FileListings,
    StageCopies,
    StageTotals,
    StageReindexer,
    UnreadableConnections,
    StageOwners,
    GrantableNames,
  ],
  exports: [
    InternalStorageCheck,
    StageCatalog,
    ConnectionCatalog,
    StageViews,
    StageService,
    ListCursors,
    StageCopies,
    StageStorage,
    StageReindexer,
    UnreadableConnections,
    StageOwners,
    GrantableNames,
  ],
})
export class StagesModule {}
