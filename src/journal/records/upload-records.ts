import { Injectable } from '@nestjs/common';
import { SqlDatabase } from '../../database/sql-database.js';
import { FileMetadataRepository } from '../../file-metadata/file-metadata.repository.js';
import { OrphanRepository } from '../cleanup/orphan.repository.js';
import { UploadStatusRepository } from './upload-status.repository.js';

/** All that is written of an upload, which is committed together where it can be. */
@Injectable()
export class UploadRecords {
  constructor(
    readonly database: SqlDatabase,
    readonly fileMetadata: FileMetadataRepository,
    readonly orphans: OrphanRepository,
    readonly statuses: UploadStatusRepository,
  ) {}
}
