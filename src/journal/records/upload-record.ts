import type { SqlStatement } from '../../database/sql.js';
import type { FileMetadata } from '../../file-metadata/file-metadata.repository.js';
import type { CleanupLog } from '../../storage/contract/orphan.js';
import type { StorageLocation } from '../../storage/storage-location.js';

/** Record of one file of an upload. */
export interface RecordedFile {
  /** The name as sent. */
  readonly name: string;
  /** Relative to the stage's root. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly md5: string | null;
  /** As in the header of a download, with its quotes; null for a store without ETags. */
  readonly etag: string | null;
  /** `skipped`: a file of that name existed and was not changed. */
  readonly outcome: 'stored' | 'skipped';
}

/** Record of a file that is being stored. Exactly one of the three methods is called at its end. */
export interface FileRecord {
  readonly cleanupLog: CleanupLog;
  /** Recorded durably, with the end of the upload. */
  stored(file: RecordedFile, entry: Omit<FileMetadata, 'uploadId'> | undefined): void;
  skipped(file: RecordedFile): void;
  failed(): void;
}

/** The room of a file in what its stage may hold. Its statements are written with the file's record. */
export interface ReservedSpace {
  /** Adds what changes with the record of a stored file. */
  recorded(record: readonly SqlStatement[]): readonly SqlStatement[];
  /** For a file that is not stored. */
  ended(): readonly SqlStatement[];
}

/** Record of a running upload. */
export interface UploadRecord {
  readonly id: string;
  /** Whether its request can be repeated for the same answer. */
  readonly hasIdempotencyKey: boolean;
  /** @param key relative to the location. @throws DatabaseError if no record can be made of such a file. */
  assertRecordable(location: StorageLocation, key: string): void;
  beginFile(location: StorageLocation, space?: ReservedSpace): FileRecord;
  /** Resolves when all that was recorded so far is durable. @throws DatabaseError */
  written(): Promise<void>;
}
