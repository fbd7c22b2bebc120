import { Injectable } from '@nestjs/common';
import { messageOf } from '../../common/message-of.js';
import { FileMetadataRepository } from '../../file-metadata/file-metadata.repository.js';
import { StorageRegistry } from '../../storage/storage-registry.js';
import { StageStorage } from '../files/stage-storage.js';
import { firstBatch } from './first-batch.js';

/** Prefix of all files of internal stages. */
const FILES = 'stage/';
/** Prefix of no file: listing it only tests that the storage answers. */
const NO_FILES = 'stage-none/';

/**
 * Reports problems of the internal storage at startup, before any request fails: an unreachable storage, or a database
 * that belongs to another one.
 */
@Injectable()
export class InternalStorageCheck {
  constructor(
    private readonly stages: StageStorage,
    private readonly registry: StorageRegistry,
    private readonly fileMetadata: FileMetadataRepository,
  ) {}

  /** Looks whether the storage answers; a local one also looks whether its directory and disk are there. @throws StorageError */
  async assertWorking(signal: AbortSignal): Promise<void> {
    await firstBatch(this.registry.open(this.stages.internal()).list({ prefix: NO_FILES, limit: 1, signal }));
  }

  /** @returns the problem for the operator, or undefined. Never rejects. */
  async problem(): Promise<string | undefined> {
    const location = this.stages.internal();
    try {
      const hasRecords = await this.fileMetadata.hasBelow(location.store, `${location.prefix}stage`);
      const prefix = hasRecords ? NO_FILES : FILES;
      const listing = this.registry.open(location).list({ prefix, limit: 1 });
      return (await firstBatch(listing)).length === 0 ? undefined : UNKNOWN_FILES;
    } catch (error) {
      return `The internal storage cannot be used: ${messageOf(error)} Uploads to it are refused until it can.`;
    }
  }
}

const UNKNOWN_FILES =
  'The internal storage holds files, and the database knows none of them. Is it the right database? ' +
  'If it was lost, stop, and put a backup in its place: npm run admin -- restore <backup> --overwrite';
