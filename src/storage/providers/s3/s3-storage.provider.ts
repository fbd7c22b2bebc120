import type { Readable } from 'node:stream';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import type { Leftover, RemoveLeftoverOptions } from '../../contract/leftover.js';
import type { ObjectKey } from '../../contract/object-key.js';
import type {
  GetOptions,
  ListOptions,
  ObjectBody,
  ObjectStat,
  OperationOptions,
  PresignedRequest,
  PresignOptions,
  PutOptions,
  PutResult,
  RemoveReport,
  StorageProvider,
} from '../../contract/storage-provider.js';
import { S3_CAPABILITIES } from './client/s3-limits.js';
import { removeNotedUpload } from './write/s3-multipart-cleanup.js';
import { presignObject } from './read/s3-object-presigner.js';
import { getObject, isSatisfiable, noByteInRange } from './read/s3-object-reader.js';
import { removeObjects } from './read/s3-object-remover.js';
import { statOfAnswer } from './read/s3-object-stat.js';
import { S3ObjectWriter } from './write/s3-object-writer.js';
import { S3PlainPut } from './write/s3-plain-put.js';
import type { S3Settings } from './connection/s3-settings.js';
import { sharedSlabPool } from '../../multipart/slab-pool.js';
import { type S3Operation, s3StorageError } from './s3-storage.errors.js';
import { listObjects } from './s3-storage.lister.js';
import { type S3Store, withSignal } from './client/s3-store.js';

/** Speaks to one bucket of S3 or of what speaks its protocol. */
export class S3StorageProvider implements StorageProvider {
  readonly scheme = 's3';
  readonly capabilities = S3_CAPABILITIES;
  readonly #store: S3Store;
  readonly #writer: S3ObjectWriter;

  constructor(store: S3Store, settings: S3Settings) {
    this.#store = store;
    this.#writer = new S3ObjectWriter(store, new S3PlainPut(store, settings), sharedSlabPool);
  }

  put(key: ObjectKey, body: Readable, options: PutOptions = {}): Promise<PutResult> {
    return this.#writer.put(key, body, options);
  }

  get(key: ObjectKey, options: GetOptions = {}): Promise<ObjectBody> {
    const { range, signal } = options;
    return translating({ operation: 'get', key, signal }, async () => {
      if (range !== undefined && !isSatisfiable(range)) {
        // A missing object is told before a range that fits none.
        await this.#head(key, signal);
        throw noByteInRange();
      }
      return getObject(this.#store, key, options);
    });
  }

  stat(key: ObjectKey, { signal }: OperationOptions = {}): Promise<ObjectStat> {
    return translating({ operation: 'stat', key, signal }, () => this.#head(key, signal));
  }

  list(options: ListOptions = {}): AsyncIterable<readonly ObjectStat[]> {
    return listObjects(this.#store, options);
  }

  remove(keys: readonly ObjectKey[], options: OperationOptions = {}): Promise<RemoveReport> {
    return translating({ operation: 'remove', key: onlyOne(keys), signal: options.signal }, () =>
      removeObjects(this.#store, keys, options),
    );
  }

  removeLeftover(leftover: Leftover, options: RemoveLeftoverOptions = {}): Promise<void> {
    return translating({ operation: 'removeLeftover' }, () =>
      removeNotedUpload(this.#store, leftover, options),
    );
  }

  presign(key: ObjectKey, options: PresignOptions): Promise<PresignedRequest> {
    return translating({ operation: 'presign', key, signal: options.signal }, () =>
      presignObject(this.#store, key, options),
    );
  }

  /** The sockets are shared by all providers and stay; an idle one does not hold the process. */
  async close(): Promise<void> {
    return Promise.resolve();
  }

  async #head(key: ObjectKey, signal: AbortSignal | undefined): Promise<ObjectStat> {
    const request = new HeadObjectCommand({ Bucket: this.#store.bucket, Key: key });
    const answer = await this.#store.client.send(request, withSignal(signal));
    return statOfAnswer(key, answer.ContentLength, answer);
  }
}

async function translating<Result>(operation: S3Operation, run: () => Promise<Result>): Promise<Result> {
  try {
    operation.signal?.throwIfAborted();
    return await run();
  } catch (error) {
    throw s3StorageError(error, operation);
  }
}

function onlyOne(keys: readonly ObjectKey[]): ObjectKey | undefined {
  return keys.length === 1 ? keys[0] : undefined;
}
