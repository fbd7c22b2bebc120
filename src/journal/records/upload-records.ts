import { Injectable } from '@nestjs/common';
import { SqlDatabase } from '../../database/sql-database.js';
import { FileLedgerRepository } from '../../ledger/file-ledger.repository.js';
import { LeftoverRepository } from '../cleanup/leftover.repository.js';
import { UploadStatusRepository } from './upload-status.repository.js';

/** All that is written of an upload, which is committed together where it can be. */
@Injectable()
export class UploadRecords {
  constructor(
    readonly database: SqlDatabase,
    readonly ledger: FileLedgerRepository,
    readonly leftovers: LeftoverRepository,
    readonly statuses: UploadStatusRepository,
  ) {}
}
