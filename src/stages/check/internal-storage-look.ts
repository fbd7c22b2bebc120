import { Injectable } from '@nestjs/common';
import { messageOf } from '../../common/message-of.js';
import { FileMetadataRepository } from '../../file-metadata/file-metadata.repository.js';
import { StorageRegistry } from '../../storage/storage-registry.js';
import { StageStorage } from '../files/stage-storage.js';
import { firstBatch } from './first-batch.js';

/** Below it lie all files of internal stages. */
const FILES = 'stage/';
/** No file's key begins so: what is asked is whether the storage answers. */
const NOTHING = 'stage-none/';

/** Says at the start what requests would say one by one: the internal storage is away, or the database is another one's. */
@Injectable()
export class InternalStorageLook {
  constructor(
    private readonly stages: StageStorage,
    private readonly registry: StorageRegistry,
    private readonly fileMetadata: FileMetadataRepository,
  ) {}

  /** @returns what an operator should know, or undefined. Never rejects. */
  async problem(): Promise<string | undefined> {
    const location = this.stages.internal();
    try {
      const isKnown = this.fileMetadata.hasBelow(location.store, `${location.prefix}stage`);
      const prefix = isKnown ? NOTHING : FILES;
      const listing = this.registry.open(location).list({ prefix, limit: 1 });
      return (await firstBatch(listing)).length === 0 ? undefined : FOREIGN;
    } catch (error) {
      return `The internal storage cannot be used: ${messageOf(error)} Uploads to it are refused until it can.`;
    }
  }
}

const FOREIGN =
  'The internal storage holds files, and the database knows none of them. Is it the right database? ' +
  'If it was lost, stop, and put a backup in its place: npm run admin -- restore <backup> --overwrite';
