import type { FileMetadata } from '../../file-metadata/file-metadata.repository.js';
import type { CleanupLog } from '../../storage/contract/orphan.js';
import type { StorageLocation } from '../../storage/storage-location.js';

/** What is recorded of a file of an upload. */
export interface RecordedFile {
  /** As it was sent. */
  readonly name: string;
  /** Relative to the stage's root. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly md5: string | null;
  /** `skipped`: a file of that name was there, and stays as it was. */
  readonly outcome: 'stored' | 'skipped';
}

/** The record of one file on its way. Exactly one of the three is called at its end. */
export interface FileRecord {
  readonly cleanupLog: CleanupLog;
  /** Kept, durably, with the end of the upload. */
  stored(file: RecordedFile, entry: Omit<FileMetadata, 'uploadId'> | undefined): void;
  skipped(file: RecordedFile): void;
  failed(): void;
}

/** The record of an upload that is going on. */
export interface UploadRecord {
  readonly id: string;
  /** Can its request be sent again, for the same answer? */
  readonly hasIdempotencyKey: boolean;
  beginFile(location: StorageLocation): FileRecord;
}
