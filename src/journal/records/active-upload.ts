import { changed } from '../../audit/events/audit-event.js';
import { auditStatement } from '../../audit/events/audit-statement.js';
import type { FileMetadata } from '../../file-metadata/file-metadata.repository.js';
import type { FileRecord, RecordedFile, ReservedSpace, UploadRecord } from './upload-record.js';
import type { Orphan } from '../../storage/contract/orphan.js';
import type { StorageLocation } from '../../storage/storage-location.js';
import type { TrackedUpload, UploadAnswer, UploadFailure } from './upload-state.js';
import type { UploadEnd } from './upload-status.repository.js';
import type { UploadChange, UploadRecords, WatchedUpload } from './upload-records.js';

/**
 * One running upload. Its beginning is written with its first progress, a second or two later. A shorter one is written as a whole, in
 * the commit of its stored files.
 */
export class ActiveUpload implements UploadRecord, WatchedUpload {
  readonly #records: UploadRecords;
  readonly #upload: TrackedUpload;
  readonly #files: RecordedFile[] = [];
  /** Whether its beginning is written. */
  #hasBegun: boolean;
  #wasWatched = false;
  /** The bytes of the last recorded progress. */
  #recordedBytes: number | undefined;
  #writing: Promise<unknown> = Promise.resolve();

  /** @param hasBegun whether it is already in the database. */
  constructor(records: UploadRecords, upload: TrackedUpload, hasBegun: boolean) {
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

  /** Files that are stored or skipped so far. */
  get files(): readonly RecordedFile[] {
    return this.#files;
  }

  assertRecordable({ store, prefix }: StorageLocation, key: string): void {
    this.#records.fileMetadata.assertRecordable(store, prefix + key);
  }

  beginFile(location: StorageLocation, space?: ReservedSpace): FileRecord {
    const { orphans, puts } = this.#records;
    const id = puts.begin();
    /** True even while the write is running: recording an end without a beginning changes nothing. */
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
          await this.#records.write({ statements });
        },
        retain: () => {
          isRetained = true;
        },
      },
      stored: (file, entry) => {
        this.#files.push(file);
        this.#writeWithRetry(...this.#metadataOf(entry, space), this.#eventOf(file), ended());
      },
      skipped: (file) => {
        this.#files.push(file);
        this.#writeWithRetry(ended(), endOf(space));
      },
      failed: () => {
        this.#writeWithRetry(ended(), endOf(space));
      },
    };
  }

  async written(): Promise<void> {
    await this.#writing;
  }

  /** Nothing at the first call, so that a short upload costs no write for its progress. */
  progress(): readonly UploadChange[] {
    const bytes = this.#upload.body.receivedBytes();
    const isFirst = !this.#wasWatched;
    this.#wasWatched = true;
    if (isFirst || bytes === this.#recordedBytes) return [];
    const remember = (): void => {
      this.#recordedBytes = bytes;
    };
    return [
      ...this.#beginning(),
      { statements: [this.#records.statuses.progress(this.id, bytes)], remember },
    ];
  }

  /** Resolves when all stored files and the answer are recorded. */
  async succeed(answer: UploadAnswer): Promise<void> {
    await this.#end({ state: 'SUCCESS', files: this.#files, answer });
  }

  async fail(failure: UploadFailure): Promise<void> {
    await this.#end({ state: 'FAILED', files: this.#files, failure });
  }

  async #end(end: UploadEnd): Promise<void> {
    this.#records.running.delete(this);
    const ended = { ...end, receivedBytes: this.#upload.body.receivedBytes() };
    const { statuses } = this.#records;
    const statement = this.#hasBegun
      ? statuses.ending(this.id, ended, this.hasIdempotencyKey)
      : statuses.whole(this.#upload, ended);
    const change = { statements: [statement] };
    void this.#write(change);
    try {
      await this.#writing;
    } catch (error) {
      if (end.state === 'FAILED') this.#records.writeLater(change);
      throw error;
    }
  }

  #metadataOf(entry: Omit<FileMetadata, 'uploadId'> | undefined, space?: ReservedSpace): UploadChange[] {
    if (entry === undefined) return [endOf(space)];
    const statements = this.#records.fileMetadata.recordStatements({ ...entry, uploadId: this.id });
    return [{ statements: space?.recorded(statements) ?? statements }];
  }

  #eventOf({ path, size }: RecordedFile): UploadChange {
    const { action, actor, stage, detail } = this.#upload.audited;
    return { statements: [auditStatement(changed(action, actor, { stage, path, bytes: size, detail }))] };
  }

  /** May be written repeatedly; the first record counts. */
  #beginning(): UploadChange[] {
    if (this.#hasBegun) return [];
    const remember = (): void => {
      this.#hasBegun = true;
    };
    return [{ statements: [this.#records.statuses.beginning(this.#upload)], remember }];
  }

  /** Keeps changes of the store independent of the answer: retries later what cannot be written now. */
  #writeWithRetry(...changes: readonly UploadChange[]): void {
    this.#write(...changes).catch(() => {
      this.#records.writeLater(...changes);
    });
  }

  /** Returns without waiting: writes of one turn are committed together, and the end waits for all of them. */
  #write(...changes: readonly UploadChange[]): Promise<void> {
    const writing = this.#records.write(...changes);
    this.#writing = Promise.all([this.#writing, writing]);
    this.#writing.catch(() => undefined);
    return writing;
  }
}

function endOf(space: ReservedSpace | undefined): UploadChange {
  return { statements: space?.ended() ?? [] };
}
