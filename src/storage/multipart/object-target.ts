import type { Orphan } from '../contract/orphan.js';
import type { ObjectKey } from '../contract/object-key.js';
import type { StorageError } from '../contract/storage-error.js';
import type { PutContent, PutOptions } from '../contract/storage-provider.js';
import type { MultipartLimits } from './multipart-limits.js';

/** A multipart upload that the store has begun. */
export interface CreatedUpload {
  readonly uploadId: string;
  /** May an attempt whose answer was lost have begun another one? */
  readonly mayHaveDuplicate: boolean;
}

/** A part that the store has. */
export interface WrittenPart {
  /** The first is 1. */
  readonly partNumber: number;
  readonly etag: string;
}

/**
 * One key that is put to, in a store of objects: the five calls of which `MultipartWriter` makes a put. None of them is
 * cancelled but `writePart`: what has become of the others nobody could say.
 */
export interface ObjectTarget {
  /** Before more than a small object is read from the body. */
  beforeParts(): Promise<void>;
  /** When every byte has come, and the object is not yet there. */
  beforeCommit(): Promise<void>;

  /** Makes an object with one request. @returns its ETag, in quotes. */
  writeOnce(bytes: Buffer, content: PutContent): Promise<string>;
  createUpload(): Promise<CreatedUpload>;
  /** Settles when nothing reads from `bytes` any more. @returns the part's ETag. */
  writePart(uploadId: string, part: UploadPart, signal: AbortSignal): Promise<string>;
  /** Makes the object of its parts. @returns its ETag, in quotes. */
  completeUpload(uploadId: string, parts: readonly WrittenPart[]): Promise<string>;
  /** Resolves when the store keeps no part of it. */
  abortUpload(uploadId: string): Promise<void>;

  /** Aborts uploads of the key whose ids nobody has learnt, but those of `kept`. */
  abortLostUploads(orphan: Orphan, kept: readonly string[]): Promise<void>;
  /** Could a creation that failed so have begun an upload? */
  mayHaveCreated(error: unknown): boolean;
  /** What a put failed of, as this service says it. */
  failure(error: unknown, signal?: AbortSignal): StorageError;
}

export interface UploadPart {
  readonly partNumber: number;
  readonly bytes: Buffer;
}

/** A store of objects, as `MultipartWriter` sees it. */
export interface ObjectTargets {
  readonly limits: MultipartLimits;
  /**
   * Runs a put to a key from its beginning to its end.
   *
   * @param stop fires when the put is not wanted any more, or one of its parts has failed.
   * @throws StorageError, or `CommitRejected` as it is. Early, where the store would refuse the put in the end.
   */
  run<Result>(
    key: ObjectKey,
    options: PutOptions,
    stop: AbortSignal,
    put: (target: ObjectTarget) => Promise<Result>,
  ): Promise<Result>;
}
