import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/ledger.module.js';
import { StagesModule } from '../stages/stages.module.js';
import { StorageModule } from '../storage/storage.module.js';
import { LeftoverRepository } from './leftover.repository.js';
import { LeftoverRemover } from './leftover-remover.js';
import { LeftoverSweeper } from './leftover-sweeper.js';
import { ProcessRepository } from './process.repository.js';
import { UploadJournal } from './upload-journal.js';
import { UploadRecords } from './upload-records.js';
import { UploadStatusRepository } from './upload-status.repository.js';

@Module({
  imports: [LedgerModule, StagesModule, StorageModule],
  providers: [
    ProcessRepository,
    LeftoverRepository,
    UploadStatusRepository,
    UploadRecords,
    LeftoverRemover,
    LeftoverSweeper,
    UploadJournal,
  ],
  exports: [UploadJournal],
})
export class JournalModule {}
