import type { Readable } from 'node:stream';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { ObjectKey } from '../../../contract/object-key.js';
import { askLeave, PutRefusal } from '../../../contract/put-refusal.js';
import { StorageError } from '../../../contract/storage-error.js';
import type { PutContent, PutOptions, PutResult } from '../../../contract/storage-provider.js';
import { KIB, S3_MAX_OBJECT_BYTES, S3_MAX_PARTS, S3_MULTIPART_LIMITS } from '../client/s3-limits.js';
import { withFailedCleanup } from './s3-multipart-cleanup.js';
import { quotedEtag } from '../s3-etag.js';
import { S3MultipartUpload, tagOf } from './s3-multipart-upload.js';
import { ObjectBody } from '../../../multipart/object-body.js';
import { nextPartBytes } from '../../../multipart/part-plan.js';
import { CountedKeys } from './counted-keys.js';
import type { NestedLooks, S3NestedKeys } from './s3-nested-keys.js';
import { PartQueue } from '../../../multipart/part-queue.js';
import { S3PutCondition } from './s3-put-condition.js';
import { isWithoutBody } from '../client/s3-answers.js';
import type { S3Store } from '../client/s3-store.js';
import { type ContentPiece, UploadContent } from '../../../multipart/upload-content.js';
import { S3UploadNotes } from './s3-upload-notes.js';

/** A body that ends here is sent from the chunks it came in, without a part buffer. */
const INLINE_BYTES = 256 * KIB;

interface PutJob {
  readonly key: ObjectKey;
  readonly content: UploadContent;
  readonly options: PutOptions;
  readonly condition: S3PutCondition;
  readonly looks: NestedLooks;
  /** Fires when the caller's signal does, and when a part has failed. */
  readonly stop: AbortController;
}

interface PartChannel {
  readonly upload: S3MultipartUpload;
  readonly queue: PartQueue;
  readonly signal: AbortSignal;
}

/**
 * Writes objects: short ones with one request of known length, long ones in parts from reused buffers. A request that
 * makes the object visible is not cancelled: it has all its bytes, and after a cancellation nobody could tell whether
 * the object was replaced.
 */
export class S3ObjectWriter {
  readonly #store: S3Store;
  readonly #nested: S3NestedKeys;
  /** How many multipart uploads of a key are going on. */
  readonly #uploads = new CountedKeys();

  constructor(store: S3Store, nested: S3NestedKeys) {
    this.#store = store;
    this.#nested = nested;
  }

  async put(key: ObjectKey, source: Readable, options: PutOptions): Promise<PutResult> {
    const stop = new AbortController();
    const onAbort = (): void => {
      stop.abort();
    };
    if (options.signal?.aborted === true) stop.abort();
    options.signal?.addEventListener('abort', onAbort);
    const body = new ObjectBody(source, { maxBytes: S3_MAX_OBJECT_BYTES, signal: stop.signal });
    const content = new UploadContent(body, options);
    const condition = new S3PutCondition(this.#store, key, options.condition);
    try {
      await condition.refuseEarly(stop.signal);
      return await this.#nested.guard(
        key,
        { signal: stop.signal, hasKnownBelow: options.hasKnownBelow },
        (looks) => this.#write({ key, content, options, condition, looks, stop }),
      );
    } catch (error) {
      content.destroy();
      if (error instanceof PutRefusal) throw error.reason;
      throw condition.failure(error, options.signal);
    } finally {
      await content.close();
      options.signal?.removeEventListener('abort', onAbort);
    }
  }

  async #write(job: PutJob): Promise<PutResult> {
    const { content } = job;
    const short = await content.takeIfShort(INLINE_BYTES);
    if (short !== undefined) return this.#putWhole(job, short);
    await job.looks.early(); // before gigabytes have come in
    const first = await takePart(job, { partNumber: 1, bytesSoFar: 0 });
    try {
      if (await content.isAtEnd()) return await this.#putWhole(job, first.bytes);
      return await this.#putInParts(job, first);
    } finally {
      await first.release();
    }
  }

  async #putWhole(job: PutJob, bytes: Buffer): Promise<PutResult> {
    const { key, options, condition } = job;
    const facts = await leaveToAppear(job);
    if (options.condition === undefined) {
      const { contentType } = options;
      const { md5 } = facts.checksums;
      const answer = await this.#store.plain.send({ method: 'PUT', key, bytes, contentType, md5 });
      const isWritten = answer?.status === 200 && isWithoutBody(answer.headers);
      const etag = isWritten ? (quotedEtag(answer.headers.etag) ?? undefined) : undefined;
      if (etag !== undefined) return { key, ...facts, etag };
    }
    const request = new PutObjectCommand({
      Bucket: this.#store.bucket,
      Key: key,
      Body: bytes,
      ContentType: options.contentType,
      Metadata: condition.metadata,
      ...condition.headers,
    });
    try {
      const answer = await this.#store.client.send(request);
      return { key, ...facts, etag: tagOf(answer) };
    } catch (error) {
      const etag = await condition.etagOfOwn(error);
      if (etag === undefined) throw error;
      return { key, ...facts, etag };
    }
  }

  async #putInParts(job: PutJob, first: ContentPiece): Promise<PutResult> {
    const { key, options, condition, stop } = job;
    this.#uploads.add(key);
    // The creation is not cancelled, and may hang: nobody needs the content meanwhile, if nobody needs the object.
    const letGo = (): void => void first.release();
    stop.signal.addEventListener('abort', letGo);
    try {
      const upload = await S3MultipartUpload.create(this.#store, {
        key,
        contentType: options.contentType,
        condition,
        notes: new S3UploadNotes(this.#store, key, {
          leftovers: options.leftovers,
          isOnlyUpload: () => this.#uploads.count(key) === 1,
        }),
      });
      stop.signal.removeEventListener('abort', letGo);
      return await this.#sendAndComplete(job, upload, first);
    } finally {
      stop.signal.removeEventListener('abort', letGo);
      this.#uploads.drop(key);
    }
  }

  async #sendAndComplete(job: PutJob, upload: S3MultipartUpload, first: ContentPiece): Promise<PutResult> {
    const { key, options, condition, stop } = job;
    const queue = new PartQueue(() => {
      stop.abort();
    });
    try {
      await this.#sendParts(job, upload, { queue, first });
      const facts = await leaveToAppear(job);
      return { key, ...facts, etag: await upload.complete() };
    } catch (error) {
      // Read before the abort, which makes the other part requests fail too.
      const cause = queue.failure ?? error;
      stop.abort();
      await queue.settle();
      const failure = cause instanceof PutRefusal ? cause : condition.failure(cause, options.signal);
      await upload.remove().catch((cleanup: unknown) => {
        throw failure instanceof PutRefusal ? failure : withFailedCleanup(failure, cleanup);
      });
      throw failure;
    }
  }

  async #sendParts(
    job: PutJob,
    upload: S3MultipartUpload,
    { queue, first }: { readonly queue: PartQueue; readonly first: ContentPiece },
  ): Promise<void> {
    const { content, stop } = job;
    stop.signal.throwIfAborted();
    let bytesSoFar = 0;
    let next: ContentPiece | undefined = first;
    for (let partNumber = 1; next !== undefined; partNumber++) {
      if (partNumber > S3_MAX_PARTS) throw await tooManyParts(next);
      bytesSoFar += next.bytes.byteLength;
      await this.#sendPart({ upload, queue, signal: stop.signal }, partNumber, next);
      const ended = await content.isAtEnd();
      next = ended ? undefined : await takePart(job, { partNumber: partNumber + 1, bytesSoFar });
    }
    await queue.settle();
    queue.throwIfFailed();
    stop.signal.throwIfAborted();
  }

  /** Resolves when the part is on its way, and sees to it that its memory goes back when nothing reads from it. */
  async #sendPart(via: PartChannel, partNumber: number, piece: ContentPiece): Promise<void> {
    const { upload, queue, signal } = via;
    try {
      await queue.waitForRoom(piece.bytes.byteLength);
    } catch (error) {
      await piece.release();
      throw error;
    }
    queue.add(async () => {
      try {
        await upload.sendPart(partNumber, piece.bytes, signal);
      } finally {
        await piece.release();
      }
    });
  }
}

async function takePart(
  { content, options, stop }: PutJob,
  at: { readonly partNumber: number; readonly bytesSoFar: number },
): Promise<ContentPiece> {
  stop.signal.throwIfAborted();
  const partBytes = nextPartBytes({ ...at, maxBytes: options.maxBytes }, S3_MULTIPART_LIMITS);
  return content.takePiece(partBytes, stop.signal);
}

/** All bytes are there: may the object appear? */
async function leaveToAppear({ content, options, looks, stop }: PutJob): Promise<PutContent> {
  const facts = { size: content.size, checksums: await content.checksums() };
  await looks.late();
  stop.signal.throwIfAborted();
  await askLeave(options, facts);
  stop.signal.throwIfAborted();
  return facts;
}

/** Only a body that outgrew the bound it was declared with comes here. */
async function tooManyParts(piece: ContentPiece): Promise<StorageError> {
  await piece.release();
  return new StorageError('TooLarge', `An upload may have at most ${String(S3_MAX_PARTS)} parts.`);
}
