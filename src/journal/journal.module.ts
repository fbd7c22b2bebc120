import { Module } from '@nestjs/common';
import { FileMetadataModule } from '../file-metadata/file-metadata.module.js';
import { StagesModule } from '../stages/stages.module.js';
import { StorageModule } from '../storage/storage.module.js';
import { OrphanConnections } from './cleanup/orphan-connections.js';
import { OrphanRepository } from './cleanup/orphan.repository.js';
import { OrphanRemover } from './cleanup/orphan-remover.js';
import { OrphanSweeper } from './cleanup/orphan-sweeper.js';
import { Heartbeat } from './servers/heartbeat.js';
import { ProcessRepository } from './servers/process.repository.js';
import { UploadJournal } from './records/upload-journal.js';
import { UploadList } from './records/upload-list.js';
import { UploadListRepository } from './records/upload-list.repository.js';
import { UploadProgress } from './records/upload-progress.js';
import { UploadRecords } from './records/upload-records.js';
import { UploadStatusRepository } from './records/upload-status.repository.js';

@Module({
  imports: [FileMetadataModule, StagesModule, StorageModule],
  providers: [
    ProcessRepository,
    Heartbeat,
    OrphanConnections,
    OrphanRepository,
    UploadStatusRepository,
    UploadRecords,
    UploadProgress,
    UploadListRepository,
    UploadList,
    OrphanRemover,
    OrphanSweeper,
    UploadJournal,
  ],
  exports: [UploadJournal, UploadList, OrphanSweeper, ProcessRepository],
})
export class JournalModule {}
