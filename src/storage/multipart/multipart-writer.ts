import type { Readable } from 'node:stream';
import type { ObjectKey } from '../contract/object-key.js';
import { confirmCommit, CommitRejected } from '../contract/commit-rejected.js';
import { StorageError } from '../contract/storage-error.js';
import type { PutContent, PutOptions, PutResult } from '../contract/storage-provider.js';
import { controllerLinkedTo } from '../contract/linked-controller.js';
import { type MultipartJob, MultipartRuns } from './multipart-runs.js';
import type { MultipartUpload } from './multipart-upload.js';
import { ObjectBody } from './object-body.js';
import type { ObjectTargets } from './object-target.js';
import { nextPartBytes } from './part-sizing.js';
import type { PartQueue } from './part-queue.js';
import { type ContentPiece, UploadContent } from './upload-content.js';

/** A body up to this size is sent from its own chunks, without a part buffer. */
const INLINE_BYTES = 256 * 1024;

interface PutJob extends MultipartJob {
  readonly content: UploadContent;
  readonly options: PutOptions;
}

interface PartChannel {
  readonly upload: MultipartUpload;
  readonly queue: PartQueue;
  readonly signal: AbortSignal;
}

/**
 * Puts objects into any store with multipart uploads: short objects by a single request of known length, long ones in parts from
 * reused buffers. The request that makes the object visible is not cancelled: it has all its bytes, and a cancellation would hide
 * whether the object was replaced.
 */
export class MultipartWriter {
  readonly #targets: ObjectTargets;
  readonly #runs: MultipartRuns;

  constructor(targets: ObjectTargets, runs = new MultipartRuns()) {
    this.#targets = targets;
    this.#runs = runs;
  }

  async put(key: ObjectKey, source: Readable, options: PutOptions): Promise<PutResult> {
    const { controller: stop, unlink } = controllerLinkedTo(options.signal);
    const { maxObjectBytes } = this.#targets.limits;
    const body = new ObjectBody(source, { maxBytes: maxObjectBytes, signal: stop.signal });
    const content = new UploadContent(body, options);
    try {
      return await this.#targets.run(key, options, stop.signal, (target) =>
        this.#write({ key, target, content, options, stop }),
      );
    } catch (error) {
      content.destroy();
      throw error instanceof CommitRejected ? error.reason : error;
    } finally {
      await content.close();
      unlink();
    }
  }

  async #write(job: PutJob): Promise<PutResult> {
    const { content, target } = job;
    const short = await content.readIfShort(INLINE_BYTES);
    if (short !== undefined) return putInOneRequest(job, short);
    await target.beforeParts(); // before gigabytes are received
    const first = await this.#readPart(job, { partNumber: 1, bytesSoFar: 0 });
    try {
      if (await content.isAtEnd()) return await putInOneRequest(job, first.bytes);
      return await this.#putInParts(job, first);
    } finally {
      await first.release();
    }
  }

  async #putInParts(job: PutJob, first: ContentPiece): Promise<PutResult> {
    const { key, stop } = job;
    // The creation is not cancelled, and may hang. After an abort the first part is not needed, so release it at once.
    const releaseFirst = (): void => void first.release();
    stop.signal.addEventListener('abort', releaseFirst);
    try {
      const made = await this.#runs.run(job, {
        writeParts: (upload, queue) => {
          stop.signal.removeEventListener('abort', releaseFirst);
          return this.#sendParts(job, upload, { queue, first });
        },
        confirm: () => confirmContent(job),
      });
      return { key, ...made };
    } finally {
      stop.signal.removeEventListener('abort', releaseFirst);
    }
  }

  async #sendParts(
    job: PutJob,
    upload: MultipartUpload,
    { queue, first }: { readonly queue: PartQueue; readonly first: ContentPiece },
  ): Promise<void> {
    const { content, stop } = job;
    let bytesSoFar = 0;
    let next: ContentPiece | undefined = first;
    for (let partNumber = 1; next !== undefined; partNumber++) {
      if (partNumber > this.#targets.limits.maxParts) throw await this.#tooManyParts(next);
      bytesSoFar += next.bytes.byteLength;
      await sendPart({ upload, queue, signal: stop.signal }, partNumber, next);
      const ended = await content.isAtEnd();
      next = ended ? undefined : await this.#readPart(job, { partNumber: partNumber + 1, bytesSoFar });
    }
  }

  async #readPart(
    { content, options, stop }: PutJob,
    progress: { readonly partNumber: number; readonly bytesSoFar: number },
  ): Promise<ContentPiece> {
    stop.signal.throwIfAborted();
    const partBytes = nextPartBytes({ ...progress, maxBytes: options.maxBytes }, this.#targets.limits);
    return content.readPiece(partBytes, stop.signal);
  }

  /** Reached only by a body that exceeds its declared bound. */
  async #tooManyParts(piece: ContentPiece): Promise<StorageError> {
    await piece.release();
    const most = String(this.#targets.limits.maxParts);
    return new StorageError('TooLarge', `An upload may have at most ${most} parts.`);
  }
}

async function putInOneRequest(job: PutJob, bytes: Buffer): Promise<PutResult> {
  const facts = await confirmContent(job);
  return { key: job.key, ...facts, etag: await job.target.writeOnce(bytes, facts) };
}

/** Resolves when the part's request has started. Releases the part's memory when nothing reads it any more. */
async function sendPart(via: PartChannel, partNumber: number, piece: ContentPiece): Promise<void> {
  const { upload, queue, signal } = via;
  try {
    await queue.waitForRoom(piece.bytes.byteLength);
  } catch (error) {
    await piece.release();
    throw error;
  }
  queue.add(async () => {
    try {
      await upload.sendPart({ partNumber, bytes: piece.bytes }, signal);
    } finally {
      await piece.release();
    }
  });
}

/** Lets the target and the caller of the put reject the object, after all bytes have been received. */
async function confirmContent({ content, options, target, stop }: PutJob): Promise<PutContent> {
  const facts = { size: content.size, checksums: await content.checksums() };
  await target.beforeCommit();
  stop.signal.throwIfAborted();
  await confirmCommit(options, facts);
  stop.signal.throwIfAborted();
  return facts;
}
