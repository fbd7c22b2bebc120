import type { Readable } from 'node:stream';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { ObjectKey } from '../../contract/object-key.js';
import { StorageError } from '../../contract/storage-error.js';
import type { PutOptions, PutResult } from '../../contract/storage-provider.js';
import { KIB, S3_MAX_OBJECT_BYTES, S3_MAX_PARTS } from './s3-limits.js';
import { withFailedCleanup } from './s3-multipart-cleanup.js';
import { S3MultipartUpload } from './s3-multipart-upload.js';
import { S3ObjectBody } from './s3-object-body.js';
import { nextPartBytes } from './s3-part-plan.js';
import { S3PartQueue } from './s3-part-queue.js';
import { S3PutCondition } from './s3-put-condition.js';
import type { S3SlabPool, Slab } from './s3-slab-pool.js';
import type { S3Store } from './s3-store.js';

/** A body that ends here is sent from the chunks it came in, without a slab. */
const INLINE_BYTES = 256 * KIB;

interface PutJob {
  readonly key: ObjectKey;
  readonly body: S3ObjectBody;
  readonly options: PutOptions;
  readonly condition: S3PutCondition;
  /** Fires when the caller's signal does, and when a part has failed. */
  readonly stop: AbortController;
}

interface FilledSlab {
  readonly slab: Slab;
  readonly bytes: Buffer;
}

interface PartChannel {
  readonly upload: S3MultipartUpload;
  readonly queue: S3PartQueue;
  readonly signal: AbortSignal;
}

/**
 * Writes objects: short ones with one request of known length, long ones in parts from reused slabs. A request that
 * makes the object visible is not cancelled: it has all its bytes, and after a cancellation nobody could tell whether
 * the object was replaced.
 */
export class S3ObjectWriter {
  readonly #store: S3Store;
  readonly #slabs: S3SlabPool;
  /** How many multipart uploads of a key are going on. */
  readonly #uploads = new Map<string, number>();

  constructor(store: S3Store, slabs: S3SlabPool) {
    this.#store = store;
    this.#slabs = slabs;
  }

  async put(key: ObjectKey, source: Readable, options: PutOptions): Promise<PutResult> {
    const stop = new AbortController();
    const onAbort = (): void => {
      stop.abort();
    };
    if (options.signal?.aborted === true) stop.abort();
    options.signal?.addEventListener('abort', onAbort);
    const body = new S3ObjectBody(source, { maxBytes: S3_MAX_OBJECT_BYTES, signal: stop.signal });
    const condition = new S3PutCondition(this.#store, key, options.condition);
    try {
      await condition.refuseEarly(stop.signal);
      return await this.#write({ key, body, options, condition, stop });
    } catch (error) {
      body.destroy();
      throw condition.failure(error, options.signal);
    } finally {
      options.signal?.removeEventListener('abort', onAbort);
    }
  }

  async #write(job: PutJob): Promise<PutResult> {
    const short = await job.body.takeIfShort(INLINE_BYTES);
    if (short !== undefined) return this.#putWhole(job, joined(short));
    const first = await this.#fillSlab(job, { partNumber: 1, bytesSoFar: 0 });
    try {
      if (await job.body.isAtEnd()) return await this.#putWhole(job, first.bytes);
      return await this.#putInParts(job, first);
    } finally {
      first.slab.release();
    }
  }

  async #putWhole({ key, options, condition, stop }: PutJob, bytes: Buffer): Promise<PutResult> {
    stop.signal.throwIfAborted();
    const request = new PutObjectCommand({
      Bucket: this.#store.bucket,
      Key: key,
      Body: bytes,
      ContentType: options.contentType,
      Metadata: condition.metadata,
      ...condition.headers,
    });
    const size = bytes.byteLength;
    try {
      const answer = await this.#store.client.send(request);
      return { key, size, etag: answer.ETag ?? null };
    } catch (error) {
      const etag = await condition.etagOfOwn(error);
      if (etag === undefined) throw error;
      return { key, size, etag };
    }
  }

  async #putInParts(job: PutJob, first: FilledSlab): Promise<PutResult> {
    const { key, options, condition, body } = job;
    this.#uploads.set(key, (this.#uploads.get(key) ?? 0) + 1);
    try {
      const upload = await S3MultipartUpload.create(this.#store, {
        key,
        contentType: options.contentType,
        condition,
        isOnlyUpload: () => this.#uploads.get(key) === 1,
      });
      const etag = await this.#sendAndComplete(job, upload, first);
      return { key, size: body.bytesRead, etag };
    } finally {
      const others = (this.#uploads.get(key) ?? 1) - 1;
      if (others === 0) this.#uploads.delete(key);
      else this.#uploads.set(key, others);
    }
  }

  async #sendAndComplete(job: PutJob, upload: S3MultipartUpload, slab: FilledSlab): Promise<string> {
    const { options, condition, stop } = job;
    const queue = new S3PartQueue(() => {
      stop.abort();
    });
    try {
      await this.#sendParts(job, upload, { queue, first: slab });
      return await upload.complete();
    } catch (error) {
      // Read before the abort, which makes the other part requests fail too.
      const first = queue.failure ?? error;
      stop.abort();
      await queue.settle();
      const failure = condition.failure(first, options.signal);
      await upload.remove().catch((cleanup: unknown) => {
        throw withFailedCleanup(failure, cleanup);
      });
      throw failure;
    }
  }

  async #sendParts(
    job: PutJob,
    upload: S3MultipartUpload,
    { queue, first }: { readonly queue: S3PartQueue; readonly first: FilledSlab },
  ): Promise<void> {
    const { body, stop } = job;
    let bytesSoFar = 0;
    let next: FilledSlab | undefined = first;
    for (let partNumber = 1; next !== undefined; partNumber++) {
      if (partNumber > S3_MAX_PARTS) throw tooManyParts(next.slab);
      bytesSoFar += next.bytes.byteLength;
      await this.#sendPart({ upload, queue, signal: stop.signal }, partNumber, next);
      const ended = await body.isAtEnd();
      next = ended ? undefined : await this.#fillSlab(job, { partNumber: partNumber + 1, bytesSoFar });
    }
    await queue.settle();
    queue.throwIfFailed();
    stop.signal.throwIfAborted();
  }

  /** Resolves when the part is on its way, and sees to it that the slab goes back when nothing reads from it. */
  async #sendPart(via: PartChannel, partNumber: number, { slab, bytes }: FilledSlab): Promise<void> {
    const { upload, queue, signal } = via;
    try {
      await queue.waitForRoom(bytes.byteLength);
    } catch (error) {
      slab.release();
      throw error;
    }
    queue.add(async () => {
      try {
        await upload.sendPart(partNumber, bytes, signal);
      } finally {
        slab.release();
      }
    });
  }

  async #fillSlab(
    { body, options, stop }: PutJob,
    at: { readonly partNumber: number; readonly bytesSoFar: number },
  ): Promise<FilledSlab> {
    const partBytes = nextPartBytes({ ...at, maxBytes: options.maxBytes });
    const slab = await this.#slabs.acquire(partBytes, stop.signal);
    try {
      const filled = await body.fill(slab.buffer);
      return { slab, bytes: slab.buffer.subarray(0, filled) };
    } catch (error) {
      slab.release();
      throw error;
    }
  }
}

/** Only a body that outgrew the bound it was declared with comes here. */
function tooManyParts(slab: Slab): StorageError {
  slab.release();
  return new StorageError('TooLarge', `An upload may have at most ${String(S3_MAX_PARTS)} parts.`);
}

function joined(chunks: readonly Buffer[]): Buffer {
  return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
}
