import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { LedgerModule } from '../ledger/ledger.module.js';
import { CONNECTION_KEY } from '../keys/keys.module.js';
import { StorageModule } from '../storage/storage.module.js';
import { ConnectionCatalog } from './connection-catalog.js';
import { ConnectionCipher } from './connection-cipher.js';
import { ConnectionEntity } from './connection.entity.js';
import { ConnectionRepository } from './connection.repository.js';
import { ExternalConnections } from './external-connections.js';
import { StageCatalog } from './stage-catalog.js';
import { StageController } from './stage.controller.js';
import { StageEntity } from './stage.entity.js';
import { StageFilesController } from './stage-files.controller.js';
import { StageRepository } from './stage.repository.js';
import { StageService } from './stage.service.js';
import { StageStorage } from './stage-storage.js';
import { StageViews } from './stage-views.js';

@Module({
  imports: [TypeOrmModule.forFeature([StageEntity, ConnectionEntity]), StorageModule, LedgerModule],
  controllers: [StageController, StageFilesController],
  providers: [
    {
      provide: ConnectionCipher,
      inject: [CONNECTION_KEY],
      useFactory: (key: Buffer) => new ConnectionCipher(key),
    },
    StageRepository,
    ConnectionRepository,
    StageStorage,
    ExternalConnections,
    StageCatalog,
    ConnectionCatalog,
    StageViews,
    StageService,
  ],
  exports: [ConnectionCipher, StageCatalog, ConnectionCatalog, StageViews, StageService],
})
export class StagesModule {}
