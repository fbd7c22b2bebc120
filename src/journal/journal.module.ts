import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/ledger.module.js';
import { StagesModule } from '../stages/stages.module.js';
import { StorageModule } from '../storage/storage.module.js';
import { LeftoverRepository } from './cleanup/leftover.repository.js';
import { LeftoverRemover } from './cleanup/leftover-remover.js';
import { LeftoverSweeper } from './cleanup/leftover-sweeper.js';
import { ProcessRepository } from './servers/process.repository.js';
import { UploadJournal } from './records/upload-journal.js';
import { UploadRecords } from './records/upload-records.js';
import { UploadStatusRepository } from './records/upload-status.repository.js';

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
