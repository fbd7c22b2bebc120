import type { Readable } from 'node:stream';
import { HeadBucketCommand } from '@aws-sdk/client-s3';
import type { Orphan, RemoveOrphanOptions } from '../../contract/orphan.js';
import type { LevelEntry } from '../../contract/levels/level-entry.js';
import type { ListedKey } from '../../contract/listed-key.js';
import { ESCAPE } from '../../contract/key-bytes.js';
import type { ObjectKey } from '../../contract/object-key.js';
import { assertCopyable, assertSourceVersion, type ObjectSource } from '../../contract/object-source.js';
import { StorageError } from '../../contract/storage-error.js';
import type {
  CopyOptions,
  GetOptions,
  LevelOptions,
  ListOptions,
  ObjectBody,
  ObjectStat,
  OperationOptions,
  PresignedRequest,
  PresignOptions,
  PresignTarget,
  PutOptions,
  PutResult,
  RemoveOptions,
  RemoveReport,
  StorageProvider,
  StoreFinding,
} from '../../contract/storage-provider.js';
import { s3Capabilities } from './client/s3-limits.js';
import { removeRecordedUpload } from './write/s3-multipart-cleanup.js';
import { presignObject } from './read/s3-object-presigner.js';
import { getObject, isSatisfiable, noByteInRange } from './read/s3-object-reader.js';
import { isRejectedName, S3ExactNames } from './read/s3-exact-names.js';
import { S3ObjectRemover } from './read/s3-object-remover.js';
import { headObject } from './read/s3-object-stat.js';
import { S3NestedKeys } from './write/s3-nested-keys.js';
import { MultipartCopier } from '../../multipart/multipart-copier.js';
import { MultipartRuns } from '../../multipart/multipart-runs.js';
import { MultipartWriter } from '../../multipart/multipart-writer.js';
import { S3ObjectTargets } from './write/s3-object-targets.js';
import { type S3Operation, s3StorageError } from './s3-storage.errors.js';
import { withStoreContext } from './s3-error-context.js';
import { listLevel, listObjects } from './s3-storage.lister.js';
import type { S3Store } from './client/s3-store.js';

/** Stores refuse signatures more than 15 minutes from their time; a third of that is already worth a warning. */
const MAX_CLOCK_SKEW_MS = 300_000;

/** Accesses one bucket of S3 or of a compatible store. */
export class S3StorageProvider implements StorageProvider {
  readonly scheme = 's3';
  readonly capabilities;
  readonly #store: S3Store;
  readonly #names: S3ExactNames;
  readonly #remover: S3ObjectRemover;
  readonly #nested: S3NestedKeys;
  readonly #writer: MultipartWriter;
  readonly #copier: MultipartCopier;

  constructor(store: S3Store) {
    this.#store = store;
    this.capabilities = s3Capabilities(store);
    this.#names = new S3ExactNames(store);
    this.#remover = new S3ObjectRemover(store, this.#names);
    this.#nested = new S3NestedKeys(store);
    const targets = new S3ObjectTargets(store, this.#nested);
    const runs = new MultipartRuns();
    this.#writer = new MultipartWriter(targets, runs);
    this.#copier = new MultipartCopier(targets, runs);
  }

  put(key: ObjectKey, body: Readable, options: PutOptions = {}): Promise<PutResult> {
    return addingStoreContext(this.#store, () => this.#writer.put(key, body, options));
  }

  source(key: ListedKey): ObjectSource {
    return { store: this, key };
  }

  async copy(source: ObjectSource, key: ObjectKey, options: CopyOptions = {}): Promise<PutResult> {
    const { signal } = options;
    const stat = await this.#read({ operation: 'copy', key: source.key, signal }, async () => {
      assertCopyable(source, this, key);
      if (source.key.includes(ESCAPE)) throw unnamableSource();
      await this.#names.assertExact(source.key, signal);
      return headObject(this.#store, source.key, signal);
    });
    assertSourceVersion(stat, options.sourceEtag, { operation: 'copy', scheme: this.scheme });
    return addingStoreContext(this.#store, () => this.#copier.copy(stat, key, options));
  }

  move(_source: ObjectSource, key: ObjectKey): Promise<PutResult> {
    const context = { operation: 'move', scheme: this.scheme, key };
    return Promise.reject(
      new StorageError('Unsupported', 'A bucket renames no objects: they are copied and removed.', {
        context,
      }),
    );
  }

  get(key: ListedKey, options: GetOptions = {}): Promise<ObjectBody> {
    const { range, signal } = options;
    return this.#read({ operation: 'get', key, signal }, async () => {
      await this.#names.assertExact(key, signal);
      if (range !== undefined && !isSatisfiable(range)) {
        // A missing object is reported before an invalid range.
        await headObject(this.#store, key, signal);
        throw noByteInRange();
      }
      return getObject(this.#store, key, options);
    });
  }

  stat(key: ListedKey, { signal }: OperationOptions = {}): Promise<ObjectStat> {
    return this.#read({ operation: 'stat', key, signal }, async () => {
      await this.#names.assertExact(key, signal);
      return headObject(this.#store, key, signal);
    });
  }

  list(options: ListOptions = {}): AsyncGenerator<readonly ObjectStat[]> {
    return this.#listing(options.signal, () => listObjects(this.#store, options));
  }

  listLevel(options: LevelOptions = {}): AsyncGenerator<readonly LevelEntry[]> {
    return this.#listing(options.signal, () => listLevel(this.#store, options));
  }

  remove(keys: readonly ListedKey[], options: RemoveOptions = {}): Promise<RemoveReport> {
    return this.#withStorageErrors(
      { operation: 'remove', key: onlyOne(keys), signal: options.signal },
      async () => {
        const { removed, failures } = await this.#remover.remove(keys, options);
        const named = failures.map(({ key, error }) => ({
          key,
          error: withStoreContext(error, this.#store),
        }));
        return { removed, failures: named };
      },
    );
  }

  removeOrphan(orphan: Orphan, options: RemoveOrphanOptions = {}): Promise<void> {
    return this.#withStorageErrors({ operation: 'removeOrphan' }, () =>
      removeRecordedUpload(this.#store, orphan, options),
    );
  }

  presign(target: PresignTarget, options: PresignOptions): Promise<PresignedRequest> {
    const { signal } = options;
    return this.#withStorageErrors({ operation: 'presign', key: target.key, signal }, async () => {
      if (!this.capabilities.presign) throw noKeys();
      if (target.method === 'GET') await this.#names.assertExact(target.key, signal);
      else await this.#nested.assertFree(target.key, signal);
      return presignObject(this.#store, target, options);
    });
  }

  /** Compares clocks: every answer has the store's time. A wrong clock costs each request a retry, and breaks presigned URLs. */
  async inspect(): Promise<readonly StoreFinding[]> {
    const { client, bucket, software } = this.#store;
    await client.send(new HeadBucketCommand({ Bucket: bucket })).catch(() => undefined);
    const aheadMs = software.clockAheadMs;
    if (aheadMs === undefined || Math.abs(aheadMs) <= MAX_CLOCK_SKEW_MS) return [];
    const minutes = Math.round(Math.abs(aheadMs) / 60_000);
    const reason = `The store's clock is ${String(minutes)} minutes ${aheadMs > 0 ? 'ahead of' : 'behind'} this server's.`;
    return [
      { check: 'clock', ok: false, reason, advice: "Set this server's clock and the store's, by NTP." },
    ];
  }

  /** Does nothing: all providers share the sockets, and idle ones do not keep the process alive. */
  async close(): Promise<void> {
    return Promise.resolve();
  }

  async *#listing<Batch>(
    signal: AbortSignal | undefined,
    list: () => AsyncIterable<Batch>,
  ): AsyncGenerator<Batch> {
    try {
      yield* list();
    } catch (error) {
      throw withStoreContext(s3StorageError(error, { operation: 'list', signal }), this.#store);
    }
  }

  /** Reports a name that the store rejects as `NotFound`: no object has it. */
  async #read<Result>(operation: S3Operation, run: () => Promise<Result>): Promise<Result> {
    try {
      return await this.#withStorageErrors(operation, run);
    } catch (error) {
      if (!(error instanceof StorageError) || !isRejectedName(error, operation.key)) throw error;
      throw new StorageError('NotFound', error.message, { context: error.context, cause: error.cause });
    }
  }

  #withStorageErrors<Result>(operation: S3Operation, run: () => Promise<Result>): Promise<Result> {
    return addingStoreContext(this.#store, async () => {
      try {
        operation.signal?.throwIfAborted();
        return await run();
      } catch (error) {
        throw s3StorageError(error, operation);
      }
    });
  }
}

/** The header that names the source is text. */
function unnamableSource(): StorageError {
  return new StorageError('Unsupported', 'The store copies no object whose name is not valid UTF-8.');
}

function noKeys(): StorageError {
  return new StorageError('Unsupported', 'A connection without keys has nothing to sign a URL with.');
}

async function addingStoreContext<Result>(store: S3Store, run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof StorageError ? withStoreContext(error, store) : error;
  }
}

function onlyOne(keys: readonly ListedKey[]): ListedKey | undefined {
  return keys.length === 1 ? keys[0] : undefined;
}
