import type { ListedKey } from '../contract/listed-key.js';
import type { Orphan } from '../contract/orphan.js';
import type { ObjectKey } from '../contract/object-key.js';
import type { StorageError } from '../contract/storage-error.js';
import type { PutContent, PutOptions } from '../contract/storage-provider.js';
import type { MultipartLimits } from './multipart-limits.js';

/** A multipart upload that the store has created. */
export interface CreatedUpload {
  readonly uploadId: string;
  /** May an earlier attempt, whose answer was lost, have created another one? */
  readonly mayHaveDuplicate: boolean;
}

/** A part that is in the store. */
export interface WrittenPart {
  /** The first is 1. */
  readonly partNumber: number;
  readonly etag: string;
}

/**
 * The target of one put: the calls of a store from which `MultipartWriter` and `MultipartCopier` build it. Only parts are cancelled, because
 * the outcome of the other calls would then be unknown.
 */
export interface ObjectTarget {
  /** Called before more than a small object is read from the body. */
  beforeParts(): Promise<void>;
  /** Called after every byte was received, before the object becomes visible. */
  beforeCommit(): Promise<void>;

  /** Makes an object with one request. @returns its ETag, in quotes. */
  writeOnce(bytes: Buffer, content: PutContent): Promise<string>;
  createUpload(): Promise<CreatedUpload>;
  /** Settles when nothing reads `bytes` any more. @returns the part's ETag. */
  writePart(uploadId: string, part: UploadPart, signal: AbortSignal): Promise<string>;
  /**
   * Makes the object as a copy of another one with one request. @returns its ETag, in quotes.
   *
   * @throws CommitRejected if the source is missing or has changed.
   */
  copyOnce(source: CopiedObject): Promise<string>;
  /** Makes a part of a range of another object. @returns the part's ETag. @throws CommitRejected as `copyOnce`. */
  copyPart(uploadId: string, part: CopiedPart, signal: AbortSignal): Promise<string>;
  /** Makes the object of its parts. @returns its ETag, in quotes. */
  completeUpload(uploadId: string, parts: readonly WrittenPart[]): Promise<string>;
  /** Resolves when the store keeps no part of the upload. */
  abortUpload(uploadId: string): Promise<void>;

  /** Aborts the key's uploads whose ids were lost with the answer, except the ids in `kept`. */
  abortLostUploads(orphan: Orphan, kept: readonly string[]): Promise<void>;
  /** May a creation that failed with this error have created an upload? */
  mayHaveCreated(error: unknown): boolean;
  /** Translates the failure of a put. */
  failure(error: unknown, signal?: AbortSignal): StorageError;
}

export interface UploadPart {
  readonly partNumber: number;
  readonly bytes: Buffer;
}

/** An object that is copied inside its store. */
export interface CopiedObject {
  readonly key: ListedKey;
  /** The version: a store copies no other one. */
  readonly etag: string | null;
}

/** A part that is a range of another object; both ends are inclusive. */
export interface CopiedPart {
  readonly partNumber: number;
  readonly source: CopiedObject;
  readonly start: number;
  readonly end: number;
}

/** The part of an object store that `MultipartWriter` needs. */
export interface ObjectTargets {
  readonly limits: MultipartLimits;
  /**
   * Runs a whole put of a key.
   *
   * @param stop a signal that fires when the caller aborts the put, or when one of its parts has failed.
   * @throws StorageError, early if the store would refuse the put in the end; a `CommitRejected` unchanged.
   */
  run<Result>(
    key: ObjectKey,
    options: PutOptions,
    stop: AbortSignal,
    put: (target: ObjectTarget) => Promise<Result>,
  ): Promise<Result>;
}
