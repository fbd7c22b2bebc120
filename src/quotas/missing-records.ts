import { Injectable, Logger } from '@nestjs/common';
import { FileMetadataRepository, type StoredRecord } from '../file-metadata/file-metadata.repository.js';
import type { StageRoot } from '../stages/files/stage-storage.js';
import { listedKey, type ListedKey } from '../storage/contract/listed-key.js';
import { StorageError } from '../storage/contract/storage-error.js';
import type { ObjectStat } from '../storage/contract/storage-provider.js';

/** Records that are forgotten after one listing: the next one goes on. */
const MAX_FORGOTTEN = 10_000;
const LOOKS_AT_ONCE = 16;

/** Gathers what a listing of a stage has shown of the records of its files. */
export class ListedRecords {
  readonly #missing: StoredRecord[] = [];
  #witness: ObjectStat | undefined;

  /** A file on record that the listing has shown, as it is on record: these are the files that the records are about. */
  get witness(): ObjectStat | undefined {
    return this.#witness;
  }

  get missing(): readonly StoredRecord[] {
    return this.#missing;
  }

  /** @param listed the file of the record's name, if the listing has shown one. */
  add(record: StoredRecord, listed: ObjectStat | undefined): void {
    if (listed === undefined && this.#missing.length < MAX_FORGOTTEN) this.#missing.push(record);
    if (listed?.etag === record.etag) this.#witness = listed;
  }
}

/**
 * Forgets the records of files that others have removed. A wrong bucket, or a root whose disk is not mounted, shows none of the files
 * on record: then nothing is forgotten, for md5 and creator of files cannot be had again.
 */
@Injectable()
export class MissingRecords {
  readonly #logger = new Logger('Quotas');

  constructor(private readonly fileMetadata: FileMetadataRepository) {}

  /**
   * Looks for each file once more: it may have come after the listing had passed it.
   *
   * @returns false where the listing may be that of another store. Nothing is forgotten then.
   */
  async forget(root: StageRoot, { witness, missing }: ListedRecords): Promise<boolean> {
    if (missing.length === 0) return true;
    const gone = witness === undefined ? [] : await this.#gone(root, missing);
    // Asked last: the disk may have gone after the listing.
    if (witness === undefined || (await statOf(root, witness.key))?.etag !== witness.etag) {
      this.#logger.warn({ msg: `${KEPT} (${root.location.prefix})` });
      return false;
    }
    for (const record of gone) await this.fileMetadata.forgetVersion(root.location, record);
    return true;
  }

  async #gone(root: StageRoot, missing: readonly StoredRecord[]): Promise<readonly StoredRecord[]> {
    const left = [...missing];
    const gone: StoredRecord[] = [];
    const lookNext = async (): Promise<void> => {
      for (let record = left.pop(); record !== undefined; record = left.pop()) {
        const key = listedKey(record.objectKey.slice(root.location.prefix.length));
        if ((await statOf(root, key)) === undefined) gone.push(record);
      }
    };
    await Promise.all(Array.from({ length: LOOKS_AT_ONCE }, lookNext));
    return gone;
  }
}

const KEPT =
  'files on record are not in their stage, and nor is any other file that is: their records are kept, and count. ' +
  'Is it the right store, and is its disk mounted?';

/** @returns undefined where there is no such file. */
async function statOf({ storage }: StageRoot, key: ListedKey): Promise<ObjectStat | undefined> {
  try {
    return await storage.stat(key);
  } catch (error) {
    if (error instanceof StorageError && error.kind === 'NotFound') return undefined;
    throw error;
  }
}
