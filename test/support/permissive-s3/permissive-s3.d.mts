/** A key: bytes, or a text that stands for its UTF-8. */
export type Key = string | Buffer;

export type S3Operation =
  | 'ListBuckets'
  | 'HeadBucket'
  | 'CreateBucket'
  | 'DeleteBucket'
  | 'GetBucketLocation'
  | 'ListObjects'
  | 'ListObjectsV2'
  | 'ListMultipartUploads'
  | 'GetObject'
  | 'HeadObject'
  | 'PutObject'
  | 'CopyObject'
  | 'DeleteObject'
  | 'DeleteObjects'
  | 'CreateMultipartUpload'
  | 'UploadPart'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'
  | 'ListParts'
  | 'Unknown';

/**
 * `drop`: closes the connection at once. `hang`: reads the request and never answers. `html`, `nothing`: 200 with a page, or
 * without a body. `lost`: does what is asked and closes the connection without an answer. `cut`, `stall`: does it, sends half
 * of the answer, and closes the connection or stands still. An object: does nothing and answers S3's error document, with the
 * status that belongs to the code unless another one is given, such as 200; with a `body`, just that.
 */
export type SpoiledAnswer =
  | 'drop'
  | 'hang'
  | 'html'
  | 'nothing'
  | 'lost'
  | 'cut'
  | 'stall'
  | {
      readonly code: string;
      readonly message?: string;
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | {
      readonly body: string;
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
    };

/** What happens to requests of these operations and of that key, or to all. The first rule that fits and is not used up holds. */
export interface AnswerRule {
  readonly on?: S3Operation | readonly S3Operation[];
  readonly key?: Key;
  /** So many pass first. */
  readonly skip?: number;
  /** So many suffer; all of them unless told. */
  readonly times?: number;
  readonly answer: SpoiledAnswer;
}

/** In what the store is not as S3 is. All may be changed while it runs. */
export interface Quirks {
  /** How XML holds control characters, which it may not hold at all. `escaped` is S3's way. */
  controlCharacters: 'escaped' | 'raw';
  /** Lists keys as they are, whatever `encoding-type` asks for. */
  encodingTypeIgnored: boolean;
  /** Begins every listing at its first key. */
  startAfterIgnored: boolean;
  /** Truncated pages name none, or the same one for ever. */
  continuationTokens: 'fresh' | 'missing' | 'repeated';
  /** So many pages of each listing by ListObjectsV2 come without a key, and say that more follow; Infinity for ever. */
  emptyPages: number;
  /** No listing shows `a/b` where an object `a` is, as in MinIO. */
  hidesBelowObjects: boolean;
  /** ListMultipartUploads takes its prefix for a whole key, as MinIO does. */
  uploadsOfExactKeysOnly: boolean;
  /** `A` and `a` are one object, under the name that it was made with. */
  foldsCase: boolean;
  /** ETags without quotes, everywhere. */
  bareEtags: boolean;
  /** What becomes of `If-Match` and `If-None-Match` on writes and removals: `refused` is 501. */
  conditions: 'kept' | 'ignored' | 'refused';
  /** Answers 400 to a range with a position that no 64 bits hold. */
  refusesHugeRanges: boolean;
  /** `missing` is 501; `wants-md5` knows no newer checksum in its place. */
  multiDelete: 'kept' | 'missing' | 'wants-md5';
  /** Objects that nobody may remove, by their key as text. */
  refusesRemoval: ((key: string) => boolean) | undefined;
  /** Every object and every part must come with its md5 or another checksum, as where objects are locked. */
  writesWantDigest: boolean;
  /** No listing is allowed, and what is not there is 403. */
  withoutListBucket: boolean;
  /** Reading and listing need no signature. */
  anonymousRead: boolean;
  /** A signature for another region is answered with 301 in place of 400. */
  redirectsToRegion: boolean;
  /** The store's clock is ahead by so much. */
  clockOffsetMs: number;
  answers: readonly AnswerRule[];
}

/** What one bucket holds, for tests to look at and to change without a request. */
export interface ByteStore {
  readonly size: number;
  /** @param headers `content-type` and such, in lower case. */
  put(key: Key, content: string | Uint8Array, headers?: Readonly<Record<string, string>>): void;
  get(key: Key): Buffer | undefined;
  /** Was it there? */
  remove(key: Key): boolean;
  /** In the order of their bytes. */
  keys(): Buffer[];
  clear(): void;
  readonly uploads: {
    /** Those that are neither completed nor aborted; the key is a character for each byte. */
    all(): readonly { readonly id: string; readonly key: string }[];
  };
}

export interface JournalEntry {
  readonly operation: S3Operation;
  readonly method: string;
  /** As it was sent. */
  readonly path: string;
  readonly bucket: string;
  /** As text; bytes that are no UTF-8 are replaced in it. */
  readonly key: string;
  readonly keyBytes: Buffer;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Undefined as long as nothing was answered. */
  readonly status: number | undefined;
}

export interface RequestJournal {
  /** In the order in which they came. */
  readonly entries: readonly JournalEntry[];
  /** Of one operation, or of all. */
  count(operation?: S3Operation): number;
  of(operation: S3Operation): readonly JournalEntry[];
  clear(): void;
}

export interface PermissiveS3Options {
  readonly quirks?: Partial<Quirks>;
  /** A bucket that is there from the start; `permissive` unless told. */
  readonly bucket?: string;
  readonly port?: number;
  readonly accessKeyId?: string;
  readonly secretAccessKey?: string;
  /** What requests must bring as `x-amz-security-token`; none unless told. */
  readonly sessionToken?: string;
  readonly region?: string;
}

export interface PermissiveS3 {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  readonly bucket: string;
  /** Of that bucket. */
  readonly store: ByteStore;
  /** Of another one, which is made where it is not there. */
  storeOf(bucket: string): ByteStore;
  readonly journal: RequestJournal;
  readonly quirks: Quirks;
  stop(): Promise<void>;
}

/** An S3 in memory, on loopback: keys are bytes, signatures are verified, each quirk has a switch. */
export function startPermissiveS3(options?: PermissiveS3Options): Promise<PermissiveS3>;
