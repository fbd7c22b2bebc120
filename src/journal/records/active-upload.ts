import type { SqlStatement } from '../../database/sql-database.js';
import type { FileMetadata } from '../../file-metadata/file-metadata.repository.js';
import type { FileRecord, RecordedFile, UploadRecord } from './upload-record.js';
import type { Orphan } from '../../storage/contract/orphan.js';
import type { StorageLocation } from '../../storage/storage-location.js';
import type { NewUpload, UploadAnswer, UploadFailure } from './upload-state.js';
import type { UploadEnd } from './upload-status.repository.js';
import type { UploadRecords } from './upload-records.js';

/**
 * One upload on its way. It is begun in the database along with the first note of what it could leave behind, or with its
 * end where it could leave nothing; what it has stored is kept along with its end: two commits, or one.
 */
export class ActiveUpload implements UploadRecord {
  readonly #records: UploadRecords;
  readonly #upload: NewUpload;
  readonly #files: RecordedFile[] = [];
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
    const { orphans } = this.#records;
    const id = orphans.open();
    let isNoted = false;
    let isKept = false;
    const close = (): SqlStatement[] => {
      const closing = isKept ? orphans.abandoning(id) : orphans.closing(id);
      return isNoted ? [closing] : [];
    };
    return {
      cleanupLog: {
        record: async (orphan: Orphan) => {
          isNoted = true;
          const beginning = this.#beginning();
          const noting = [...beginning, orphans.recordStatement(id, location, orphan)];
          await this.#records.database.write(noting).catch((error: unknown) => {
            if (beginning.length > 0) this.#hasBegun = false;
            throw error;
          });
        },
        retain: () => {
          isKept = true;
        },
      },
      stored: (file, entry) => {
        this.#add(file, [...this.#entering(entry), ...close()]);
      },
      skipped: (file) => {
        this.#add(file, close());
      },
      failed: () => {
        void this.#write(close());
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
    const ending = this.#records.statuses.ending(this.id, end, this.hasIdempotencyKey);
    void this.#write([...this.#beginning(), ...ending]);
    try {
      await this.#writing;
    } catch (error) {
      if (end.state === 'FAILED') this.#records.statuses.writeLater(ending);
      throw error;
    }
  }

  #add(file: RecordedFile, statements: readonly SqlStatement[]): void {
    this.#files.push(file);
    // The file is there, whatever is answered: its md5 and its creator are not to be lost.
    this.#write(statements).catch(() => {
      this.#records.statuses.writeLater(statements);
    });
  }

  #entering(entry: Omit<FileMetadata, 'uploadId'> | undefined): SqlStatement[] {
    return entry === undefined
      ? []
      : [...this.#records.fileMetadata.recordStatements({ ...entry, uploadId: this.id })];
  }

  #beginning(): SqlStatement[] {
    if (this.#hasBegun) return [];
    this.#hasBegun = true;
    return [this.#records.statuses.beginning(this.#upload)];
  }

  /** Need not be waited for: what is written in one turn is committed together, and the end waits for all of it. */
  #write(statements: readonly SqlStatement[]): Promise<unknown> {
    if (statements.length === 0) return this.#writing;
    const writing = this.#records.database.write(statements);
    this.#writing = Promise.all([this.#writing, writing]);
    this.#writing.catch(() => undefined);
    return writing;
  }
}
