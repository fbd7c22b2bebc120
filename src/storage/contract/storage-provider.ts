import type { Readable } from 'node:stream';
import type { BufferLease } from './buffer-lease.js';
import type { ChecksumAlgorithm, Checksums } from './checksums.js';
import type { Orphan, CleanupLog, RemoveOrphanOptions } from './orphan.js';
import type { CommonPrefix } from './levels/common-prefix.js';
import type { ListedKey } from './listed-key.js';
import type { ObjectKey } from './object-key.js';
import type { ObjectSource } from './object-source.js';
import type { StorageError } from './storage-error.js';

/** Metadata of one object. */
export interface ObjectStat {
  readonly key: ListedKey;
  /** Bytes. */
  readonly size: number;
  readonly lastModified: Date;
  /** The store's opaque tag in the form of an HTTP ETag, double quotes included. It changes when the object does. */
  readonly etag: string | null;
  /** Hex digest of the whole content; null if the store does not know it. */
  readonly md5: string | null;
  readonly contentType: string | null;
}

/** Size and checksums of the content of a put. */
export interface PutContent {
  /** Bytes. */
  readonly size: number;
  /** Checksums of the whole content, by the requested algorithms. */
  readonly checksums: Checksums;
}

/** Facts about the stored object that `put` knows without another request. */
export interface PutResult extends PutContent {
  readonly key: ObjectKey;
  readonly etag: string | null;
}

/** A byte range, both ends inclusive, or the last `suffixLength` bytes. */
export type ByteRange =
  { readonly start: number; readonly end?: number | undefined } | { readonly suffixLength: number };

export interface ObjectBody {
  readonly stat: ObjectStat;
  /** The bytes that `body` yields: the requested range limited to the object; `end` is `start - 1` if the object is empty. */
  readonly range: { readonly start: number; readonly end: number };
  readonly body: Readable;
}

/** Differences between providers that callers act on. */
export interface StorageCapabilities {
  /** Can the store presign URLs? */
  readonly presign: boolean;
  /** The largest possible object, in bytes. */
  readonly maxObjectBytes: number;
  /** Is the etag a digest of the content, so that a listing may show it as the md5? */
  readonly contentEtag: boolean;
  /** Does the store keep the content type of an object? */
  readonly contentType: boolean;
  /** Can a key contain the components `.` and `..`? */
  readonly dotComponents: boolean;
  /** Can the store copy an object without its bytes passing through this process? */
  readonly copy: boolean;
  /** Can the store give an object another key at once? */
  readonly move: boolean;
}

export interface OperationOptions {
  readonly signal?: AbortSignal | undefined;
}

/** A condition on an object's key at the moment at which a put makes the object visible. */
export type PutCondition =
  /** No object has the key. */
  | { readonly kind: 'absent' }
  /** An object with this etag has the key. */
  | { readonly kind: 'etag'; readonly etag: string };

export interface PutOptions {
  readonly contentType?: string | undefined;
  /** The expected upper bound of the body's bytes. Not a promise: the body decides the object's size. */
  readonly maxBytes?: number | undefined;
  /** Without a condition the object replaces any existing one. */
  readonly condition?: PutCondition | undefined;
  /** Checksums to compute while the content is streamed. */
  readonly checksums?: readonly ChecksumAlgorithm[] | undefined;
  /** Called once, after every byte has been received and before the object becomes visible. */
  readonly beforeCommit?: ((content: PutContent) => Promise<void>) | undefined;
  readonly cleanupLog?: CleanupLog | undefined;
  readonly memory?: BufferLease | undefined;
  /** Does the caller know objects below the key, as `a/b` is below `a`? For stores that would hide them. */
  readonly hasKnownObjectsBelow?: (() => Promise<boolean>) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Options of a copy or a move. `beforeCommit` gets the size, and no checksums. */
export interface CopyOptions extends Pick<
  PutOptions,
  'condition' | 'beforeCommit' | 'cleanupLog' | 'hasKnownObjectsBelow' | 'signal'
> {
  /** Copy the object only if it has this etag. */
  readonly sourceEtag?: string | undefined;
}

export interface GetOptions {
  readonly range?: ByteRange | undefined;
  /**
   * Allows a body to reuse the memory of two chunks for all of them: the reader finishes a chunk before it reads the next one.
   * Every chunk except the last is longer than a stream's usual high-water mark, so that `pipe` waits for `drain`.
   * The memory of a `ShortBody` has other uses once it is released.
   */
  readonly reusesChunks?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** For who reads a listing in pages, which may follow each other in different processes. */
export interface ListPaging {
  /** The number of entries that the reader takes at a time: a store that answers in pages may make its own as long. */
  readonly pageSize?: number | undefined;
  /** Gets, just before a batch, a text that resumes the listing behind that batch. Not every store has such texts. More may follow. */
  readonly onResumePoint?: ((point: string) => void) | undefined;
  /**
   * A text of a listing with the same prefix, by the same method, whose point does not lie behind `startAfter`. It changes no entry: a
   * store may find its place faster, and one that does not know the text takes `startAfter` alone.
   */
  readonly resumePoint?: string | undefined;
  /** Gets the directories that cannot be read, as they are met. The listing then ends without `UnlistedDirectories`. */
  readonly onUnlisted?: ((directories: readonly string[]) => void) | undefined;
}

export interface LevelOptions extends ListPaging {
  /** A string prefix of keys, without directory semantics. */
  readonly prefix?: string | undefined;
  /** Only entries after this one, in byte order. */
  readonly startAfter?: string | undefined;
  /** The maximum number of entries. */
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ListOptions extends LevelOptions {
  /** Include directory markers: empty objects whose keys end in a slash (`isMarker`). */
  readonly markers?: boolean | undefined;
}

export interface RemoveOptions extends OperationOptions {
  /** Remove the object only if it has this etag. For a single key. */
  readonly etag?: string | undefined;
}

export interface RemoveReport {
  /** The number of keys without an object now, including keys that never had one. */
  readonly removed: number;
  readonly failures: readonly RemoveFailure[];
}

export interface RemoveFailure {
  readonly key: ListedKey;
  readonly error: StorageError;
}

/** Result of a check that is specific to a provider, in addition to list, put, get and remove. */
export interface StoreFinding {
  /** The name of the check: one word. */
  readonly check: string;
  readonly ok: boolean;
  /** The reason of a failure, and what an administrator can do about it. */
  readonly reason?: string;
  readonly advice?: string;
  /** Present if no other check makes sense after this failure. */
  readonly endsCheck?: true;
}

/** The operation of a presigned request. */
export type PresignTarget =
  | { readonly method: 'GET'; readonly key: ListedKey }
  | {
      readonly method: 'PUT';
      readonly key: ObjectKey;
      /** The content type that the upload must declare. */
      readonly contentType?: string | undefined;
    };

export interface PresignOptions {
  readonly expiresInSeconds: number;
  readonly signal?: AbortSignal | undefined;
}

export interface PresignedRequest {
  readonly method: 'GET' | 'PUT';
  readonly url: string;
  /** Headers that the request must carry. */
  readonly headers: Readonly<Record<string, string>>;
  readonly expiresAt: Date;
}

/**
 * Accesses one store below one root. A `ListedKey` names the object with exactly these bytes, never another object that a store or
 * a file system treats as equal: a listed name can be read and removed, and every other name is `NotFound`. Every sentence here is
 * a case of the conformance suite, which runs against every provider. Every operation rejects with `StorageError` only (a put also
 * with the errors of `beforeCommit` and `cleanupLog`), and with kind `Aborted` when `signal` fires.
 */
export interface StorageProvider {
  readonly scheme: string;
  readonly capabilities: StorageCapabilities;

  /**
   * Stores an object: it appears whole and durable, or not at all. A failing body, an abort or a full store keeps the previous
   * object readable and leaves no data behind. Memory is bounded by the provider's buffers, never by the object's size. The length
   * may be unknown; objects up to `maxObjectBytes` work. The body is consumed, or destroyed on failure. A StorageError of the body
   * is passed on; another error of it becomes `Unexpected` with that cause.
   *
   * If the condition does not hold when the object would appear, the put rejects with `PreconditionFailed`, and nothing changes. If
   * it does not hold from the start, the body is not read. Of several concurrent puts of one key with `absent`, or with the same
   * etag and different contents, exactly one succeeds. A directory of that name is `AlreadyExists` with any condition. Every stored
   * object is listed: a store that would hide it, or hide others because of it, refuses it as `AlreadyExists`.
   *
   * `beforeCommit` gets the size and the checksums of the whole content. If it rejects, nothing changes, and the put rejects with
   * that error. Data that the process would leave behind by dying is recorded in `cleanupLog` before it is created. When the put
   * has settled, it has released to `memory` every byte that it read from the body, and all part buffers.
   */
  put(key: ObjectKey, body: Readable, options?: PutOptions): Promise<PutResult>;

  /** Names an object for `copy` and `move` of this provider, and of every other root in the same opened store. */
  source(key: ListedKey): ObjectSource;

  /**
   * Copies an object with its content type to another key of the store: whole and durable, or not at all, as a put, and with a
   * put's conditions, `beforeCommit` and `cleanupLog`. The source stays. A missing source is `NotFound`; one with another etag than
   * `sourceEtag` is `PreconditionFailed`. An object onto itself is `InvalidKey`. `Unsupported` unless `capabilities.copy`, and for
   * an object of another store.
   */
  copy(source: ObjectSource, key: ObjectKey, options?: CopyOptions): Promise<PutResult>;

  /**
   * Moves an object to another key of the store; it keeps its etag. At any moment it is whole under one of the two keys or under
   * both, also if the process dies. Refusals, conditions and `beforeCommit` as those of `copy`. `Unsupported` unless
   * `capabilities.move`, for an object of another store, and where the store cannot do it at once for these two keys.
   */
  move(source: ObjectSource, key: ObjectKey, options?: CopyOptions): Promise<PutResult>;

  /**
   * Opens an object for reading. A missing object rejects the promise (`NotFound`), not the stream. A range is limited to the
   * object; a range that starts past its end is `RangeNotSatisfiable`. The caller consumes or destroys `body`, which fails with
   * `Aborted` when the signal fires.
   */
  get(key: ListedKey, options?: GetOptions): Promise<ObjectBody>;

  /** Reads the metadata of an object. A missing object is `NotFound`. */
  stat(key: ListedKey, options?: OperationOptions): Promise<ObjectStat>;

  /**
   * Lists every object below the root lazily, in byte order of the keys, in non-empty batches of the provider's choosing. Skips
   * directories and their markers, without a request for each; an object with content is listed even if its key ends in a slash.
   * Batch boundaries have no meaning. Each entry equals `stat(key)`, except that `contentType` may be null, and that one of the two
   * may know `lastModified` to the second only. Directories that the store does not permit to read are skipped, and
   * `UnlistedDirectories` names them after all others have been listed.
   */
  list(options?: ListOptions): AsyncIterable<readonly ObjectStat[]>;

  /**
   * Lists one level below a prefix, otherwise as `list`: objects without a slash behind the prefix, and one common prefix, up to that
   * slash, for all objects that share it. Both are in one byte order and count in the limit. Nothing below a common prefix is listed,
   * nor read beyond the proof that there is an object: none without one, except that a store which makes the prefixes itself
   * may have one for a directory marker alone.
   */
  listLevel(options?: LevelOptions): AsyncIterable<readonly (ObjectStat | CommonPrefix)[]>;

  /**
   * Removes the data that a put of any process has recorded in its `cleanupLog` and left. Resolves when none of it exists, also if
   * it never did. A visible object stays.
   */
  removeOrphan(orphan: Orphan, options?: RemoveOrphanOptions): Promise<void>;

  /**
   * Removes any number of keys. Removing a missing object succeeds. Failures are reported for each key. With an `etag`, an object
   * that has another one stays, and is reported as `PreconditionFailed`.
   */
  remove(keys: readonly ListedKey[], options?: RemoveOptions): Promise<RemoveReport>;

  /**
   * Presigns a request to the store itself; the object need not exist. `Unsupported` unless `capabilities.presign`. A put whose
   * object the store would hide, or that would hide others, is `AlreadyExists`, as far as the store's present objects show.
   */
  presign(target: PresignTarget, options: PresignOptions): Promise<PresignedRequest>;

  /** Runs the provider's own checks. Changes nothing, and does not reject: the findings report problems. */
  inspect?(): Promise<readonly StoreFinding[]>;

  /** Frees the provider's resources. It must not be used afterwards. */
  close(): Promise<void>;
}
