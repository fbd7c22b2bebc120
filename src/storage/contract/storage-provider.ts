import type { Readable } from 'node:stream';
import type { BufferLease } from './buffer-lease.js';
import type { ChecksumAlgorithm, Checksums } from './checksums.js';
import type { Orphan, CleanupLog, RemoveOrphanOptions } from './orphan.js';
import type { ListedKey } from './listed-key.js';
import type { ObjectKey } from './object-key.js';
import type { StorageError } from './storage-error.js';

/** What a store says of one object. */
export interface ObjectStat {
  readonly key: ListedKey;
  /** Bytes. */
  readonly size: number;
  readonly lastModified: Date;
  /** The store's opaque tag in the form of an HTTP ETag, double quotes included. It changes when the object does. */
  readonly etag: string | null;
  /** Hex digest of the whole content, where the store itself knows it. */
  readonly md5: string | null;
  readonly contentType: string | null;
}

/** What a put knows of its content when every byte has come. */
export interface PutContent {
  /** Bytes. */
  readonly size: number;
  /** Of the whole content, by the algorithms that were asked for. */
  readonly checksums: Checksums;
}

/** What `put` knows of the object it has made, without asking the store again. */
export interface PutResult extends PutContent {
  readonly key: ObjectKey;
  readonly etag: string | null;
}

/** A byte range, both ends inclusive, or the last `suffixLength` bytes. */
export type ByteRange =
  { readonly start: number; readonly end?: number | undefined } | { readonly suffixLength: number };

export interface ObjectBody {
  readonly stat: ObjectStat;
  /** The bytes that `body` yields: the asked range cut to the object; of an empty object `end` is `start - 1`. */
  readonly range: { readonly start: number; readonly end: number };
  readonly body: Readable;
}

/** Only what a caller can branch on. */
export interface StorageCapabilities {
  /** Can the store hand out URLs of its own? */
  readonly presign: boolean;
  /** The largest object that the store holds, in bytes. */
  readonly maxObjectBytes: number;
  /** Is the etag a digest of the content, so that a listing may show it as the md5? */
  readonly contentEtag: boolean;
  /** Can a key hold components that are `.` or `..`? */
  readonly dotComponents: boolean;
}

export interface OperationOptions {
  readonly signal?: AbortSignal | undefined;
}

/** What must hold of an object's key in the very moment in which a put makes the object visible. */
export type PutCondition =
  /** There is no object. */
  | { readonly kind: 'absent' }
  /** There is one, with this etag. */
  | { readonly kind: 'etag'; readonly etag: string };

export interface PutOptions {
  readonly contentType?: string | undefined;
  /** No more than so many bytes will come. A bound, not a promise: the object's size is what the body yields. */
  readonly maxBytes?: number | undefined;
  /** Without one the object replaces whatever is there. */
  readonly condition?: PutCondition | undefined;
  /** What is to be computed of the content on its way. */
  readonly checksums?: readonly ChecksumAlgorithm[] | undefined;
  /** Is asked once, when every byte is there and the object is not yet. */
  readonly beforeCommit?: ((content: PutContent) => Promise<void>) | undefined;
  readonly cleanupLog?: CleanupLog | undefined;
  readonly memory?: BufferLease | undefined;
  /** Does the caller know of objects below the key, as `a/b` is below `a`? For stores that would hide them. */
  readonly hasKnownObjectsBelow?: (() => boolean) | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface GetOptions {
  readonly range?: ByteRange | undefined;
  /**
   * The reader is done with a chunk before it takes the next one: the memory of two chunks is enough for all of them, and every
   * chunk but the last is longer than a stream's usual high-water mark, so that one that is piped waits for its `drain`.
   */
  readonly reusesChunks?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface ListOptions {
  /** A plain string prefix of keys, without directory meaning. */
  readonly prefix?: string | undefined;
  /** Only keys after this one, in byte order. */
  readonly startAfter?: string | undefined;
  /** At most so many objects. */
  readonly limit?: number | undefined;
  /** With the markers of directories: objects without content whose keys end in a slash (`isMarker`). Left out otherwise. */
  readonly markers?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface RemoveOptions extends OperationOptions {
  /** Remove an object only while it has this etag. Of one key alone. */
  readonly etag?: string | undefined;
}

export interface RemoveReport {
  /** Keys that are no longer there, among them those that never were. */
  readonly removed: number;
  readonly failures: readonly RemoveFailure[];
}

export interface RemoveFailure {
  readonly key: ListedKey;
  readonly error: StorageError;
}

/** What a store's own kind can tell of it, besides that it can be listed, written to, read and removed from. */
export interface StoreFinding {
  /** What was looked at, in a word. */
  readonly check: string;
  readonly ok: boolean;
  /** Why not, and what an administrator can do about it. */
  readonly reason?: string;
  readonly advice?: string;
  /** Where it is not well, nothing else is to be tried. */
  readonly endsCheck?: true;
}

/** What a presigned request does. */
export type PresignTarget =
  | { readonly method: 'GET'; readonly key: ListedKey }
  | {
      readonly method: 'PUT';
      readonly key: ObjectKey;
      /** That the upload must then declare. */
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
 * Speaks to one store, below one root. A `ListedKey` names the object of exactly these bytes, and no neighbour that a store or a
 * file system would take it for: what is listed can be read and removed by that name, and any other name is not there. Every sentence here is a case of the conformance suite, which runs against every
 * provider. Every operation rejects with `StorageError` alone (a put also with what `beforeCommit` or `orphans` have rejected with), and
 * honours `signal` with kind `Aborted`.
 */
export interface StorageProvider {
  readonly scheme: string;
  readonly capabilities: StorageCapabilities;

  /**
   * The object appears whole and durable, or not at all. A failing body, an abort or a full store leaves the previous
   * object readable and nothing behind. Memory is bounded by the provider's buffers, never by the object's size. The
   * length may be unknown; objects up to `maxObjectBytes` work. The body is consumed, or destroyed on failure; its own
   * StorageError is passed on, another error of it becomes `Unexpected` with that cause.
   *
   * With a condition that does not hold when the object would appear, `PreconditionFailed`, and nothing changes; where it
   * does not hold from the start, the body is not read for that. Of several puts of one key at once that ask for `absent`,
   * or for the same etag with contents of their own, exactly one is stored. A directory in the way is `AlreadyExists` as
   * ever. What is stored is listed: a store that would hide it, or others because of it, refuses it as `AlreadyExists`.
   *
   * `beforeCommit` gets the size and the checksums of the whole content; where it rejects, nothing changes, and the put
   * rejects with that very error. What the process could leave behind by dying is noted in `orphans` before it is made.
   * When the put has settled, `memory` has been told of the release of every byte that was taken from the body, and has its part
   * buffers back.
   */
  put(key: ObjectKey, body: Readable, options?: PutOptions): Promise<PutResult>;

  /**
   * A missing object rejects the promise (`NotFound`), not the stream. A range is cut to the object; one that starts
   * past its end is `RangeNotSatisfiable`. The caller consumes or destroys `body`, which ends in `Aborted` when the signal
   * fires.
   */
  get(key: ListedKey, options?: GetOptions): Promise<ObjectBody>;

  /** A missing object is `NotFound`. */
  stat(key: ListedKey, options?: OperationOptions): Promise<ObjectStat>;

  /**
   * Every object below the root, in byte order of the keys; lazily, in batches of the provider's choosing, none of them empty.
   * Directories' own entries and their markers are left out; an object with content is there, whatever its key ends in. What
   * is left out costs no request for each. A batch's boundary has no meaning. Each entry equals `stat(key)`,
   * except that `contentType` may be null, and that one of the two may know `lastModified` to the second only. What the
   * store does not let be looked into is left out, and `UnlistedDirectories` names it when all the rest has been listed.
   */
  list(options?: ListOptions): AsyncIterable<readonly ObjectStat[]>;

  /**
   * Removes what a put has noted in `orphans` and has left, by whichever process; resolves when nothing of it is there,
   * among that what never was. An object that has appeared stays.
   */
  removeOrphan(orphan: Orphan, options?: RemoveOrphanOptions): Promise<void>;

  /**
   * Any number of keys. Removing what is not there succeeds. What could not be removed is reported key by key. With an `etag`
   * an object that has another one stays, and is reported as `PreconditionFailed`.
   */
  remove(keys: readonly ListedKey[], options?: RemoveOptions): Promise<RemoveReport>;

  /**
   * A request that the store itself answers; the object need not exist. `Unsupported` unless `capabilities.presign`. One that
   * would put what the store then hides, or what hides others, is `AlreadyExists`, as far as that can be seen now.
   */
  presign(target: PresignTarget, options: PresignOptions): Promise<PresignedRequest>;

  /** Changes nothing, and does not reject: what is wrong is in the findings. */
  inspect?(): Promise<readonly StoreFinding[]>;

  /** Frees what the provider holds. Nothing is called after it. */
  close(): Promise<void>;
}
