import type { FileMetadata } from '../../file-metadata/file-metadata.repository.js';
import type { FileRecord, RecordedFile, UploadRecord } from './upload-record.js';
import type { Orphan } from '../../storage/contract/orphan.js';
import type { StorageLocation } from '../../storage/storage-location.js';
import type { NewUpload, UploadAnswer, UploadFailure } from './upload-state.js';
import type { UploadEnd } from './upload-status.repository.js';
import type { UploadChange, UploadRecords } from './upload-records.js';

/**
 * One upload that is running. Its beginning is written along with the first record of what it could leave behind, or with its
 * end where it could leave nothing. What it has stored is written along with its end: two commits, or one.
 */
export class ActiveUpload implements UploadRecord {
  readonly #records: UploadRecords;
  readonly #upload: NewUpload;
  readonly #files: RecordedFile[] = [];
  /** Is its beginning written? */
  #hasBegun: boolean;
  #writing: Promise<unknown> = Promise.resolve();

  /** @param hasBegun is it in the database already? */
  constructor(records: UploadRecords, upload: NewUpload, hasBegun: boolean) {
    this.#records = records;
    this.#upload = upload;
    this.#hasBegun = hasBegun;
  }

  get id(): string {
    return this.#upload.id;
  }

  get hasIdempotencyKey(): boolean {
    return this.#upload.repeatable !== undefined;
  }

  beginFile(location: StorageLocation): FileRecord {
    const { orphans, puts } = this.#records;
    const id = puts.begin();
    /** Or is on its way to be: the record of an end that finds none changes nothing. */
    let isRecorded = false;
    let isRetained = false;
    const ended = (): UploadChange => {
      const isAbandoned = isRecorded && isRetained;
      const statement = isAbandoned ? orphans.abandonStatement(id) : orphans.forgetStatement(id);
      const remember = (): void => {
        puts.end(id, isAbandoned);
      };
      return { statements: isRecorded ? [statement] : [], remember };
    };
    return {
      cleanupLog: {
        record: async (orphan: Orphan) => {
          isRecorded = true;
          const statements = [orphans.recordStatement(id, location, orphan)];
          await this.#records.write(...this.#beginning(), { statements });
        },
        retain: () => {
          isRetained = true;
        },
      },
      stored: (file, entry) => {
        this.#files.push(file);
        this.#writeSurely(...this.#metadataOf(entry), ended());
      },
      skipped: (file) => {
        this.#files.push(file);
        this.#writeSurely(ended());
      },
      failed: () => {
        this.#writeSurely(ended());
      },
    };
  }

  /** Resolves when all that was stored is recorded, and the answer with it. */
  async succeed(answer: UploadAnswer): Promise<void> {
    await this.#end({ state: 'SUCCESS', files: this.#files, answer });
  }

  async fail(failure: UploadFailure): Promise<void> {
    await this.#end({ state: 'FAILED', files: this.#files, failure });
  }

  async #end(end: UploadEnd): Promise<void> {
    const statements = this.#records.statuses.ending(this.id, end, this.hasIdempotencyKey);
    const changes = [...this.#beginning(), { statements }];
    void this.#write(...changes);
    try {
      await this.#writing;
    } catch (error) {
      if (end.state === 'FAILED') this.#records.writeLater(...changes);
      throw error;
    }
  }

  #metadataOf(entry: Omit<FileMetadata, 'uploadId'> | undefined): UploadChange[] {
    if (entry === undefined) return [];
    return [{ statements: this.#records.fileMetadata.recordStatements({ ...entry, uploadId: this.id }) }];
  }

  /** May be written more than once: the first one counts. */
  #beginning(): UploadChange[] {
    if (this.#hasBegun) return [];
    const remember = (): void => {
      this.#hasBegun = true;
    };
    return [{ statements: [this.#records.statuses.beginning(this.#upload)], remember }];
  }

  /** What has happened in the store is not lost, whatever is answered: it is written later where it cannot be now. */
  #writeSurely(...changes: readonly UploadChange[]): void {
    this.#write(...changes).catch(() => {
      this.#records.writeLater(...changes);
    });
  }

  /** Need not be waited for: what is written in one turn is committed together, and the end waits for all of it. */
  #write(...changes: readonly UploadChange[]): Promise<void> {
    const writing = this.#records.write(...changes);
    this.#writing = Promise.all([this.#writing, writing]);
    this.#writing.catch(() => undefined);
    return writing;
  }
}
