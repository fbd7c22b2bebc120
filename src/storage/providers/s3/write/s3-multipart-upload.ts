import { createHash } from 'node:crypto';
import {
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  type CreateMultipartUploadCommandOutput,
  HeadObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { StorageError } from '../../../contract/storage-error.js';
import { isNoSuchUpload, removeMultipartUpload } from './s3-multipart-cleanup.js';
import { quotedEtag } from '../s3-etag.js';
import type { S3PutCondition } from './s3-put-condition.js';
import type { S3Store } from '../client/s3-store.js';
import type { S3UploadNotes } from './s3-upload-notes.js';

export interface UploadTarget {
  readonly key: string;
  readonly contentType?: string | undefined;
  readonly condition: S3PutCondition;
  readonly notes: S3UploadNotes;
}

/** One S3 multipart upload, from its creation to `complete` or `remove`. */
export class S3MultipartUpload {
  readonly #store: S3Store;
  readonly #key: string;
  readonly #condition: S3PutCondition;
  readonly #notes: S3UploadNotes;
  readonly #uploadId: string;
  /** May an earlier attempt to create it have created another one? */
  readonly #hasTwin: boolean;
  readonly #parts: CompletedPart[] = [];

  private constructor(
    store: S3Store,
    { key, condition, notes }: UploadTarget,
    { uploadId, hasTwin }: { readonly uploadId: string; readonly hasTwin: boolean },
  ) {
    this.#store = store;
    this.#key = key;
    this.#condition = condition;
    this.#notes = notes;
    this.#uploadId = uploadId;
    this.#hasTwin = hasTwin;
  }

  /** Takes no signal: an upload whose id is not waited for could never be removed by it. */
  static async create(store: S3Store, target: UploadTarget): Promise<S3MultipartUpload> {
    const { key, contentType, condition, notes } = target;
    const request = {
      Bucket: store.bucket,
      Key: key,
      ContentType: contentType,
      Metadata: condition.metadata,
    };
    await notes.beforeCreation();
    let answer: CreateMultipartUploadCommandOutput;
    try {
      answer = await store.client.send(new CreateMultipartUploadCommand(request));
      if (answer.UploadId === undefined) throw withoutFact('an upload id');
    } catch (error) {
      // A refusal creates nothing; what the store did before a broken connection or a failure of its own is not known.
      if (mayHaveHappened(error)) await notes.lost();
      throw error;
    }
    const facts = { uploadId: answer.UploadId, hasTwin: (answer.$metadata.attempts ?? 1) > 1 };
    const upload = new S3MultipartUpload(store, target, facts);
    await upload.#noteCreation();
    return upload;
  }

  /** Settles when nothing reads from `bytes` any more. */
  async sendPart(partNumber: number, bytes: Buffer, signal: AbortSignal): Promise<void> {
    const request = {
      Bucket: this.#store.bucket,
      Key: this.#key,
      UploadId: this.#uploadId,
      PartNumber: partNumber,
      Body: bytes,
    };
    const answer = await this.#store.client.send(new UploadPartCommand(request), { abortSignal: signal });
    if (answer.ETag === undefined) throw withoutFact('an ETag');
    this.#parts[partNumber - 1] = { PartNumber: partNumber, ETag: answer.ETag };
  }

  /** Makes the object of the parts; its ETag. Takes no signal: nobody could say what became of the object. */
  async complete(): Promise<string> {
    const etag = await this.#complete();
    // The object is there: what cannot be noted any more is no failure of the put.
    if (this.#hasTwin) await this.#notes.lost(this.#uploadId).catch(ignore);
    return etag;
  }

  /** Resolves when the store keeps no part of the upload. No request of it may be on its way. */
  async remove(): Promise<void> {
    try {
      await removeMultipartUpload(this.#store, this.#key, this.#uploadId);
    } catch (error) {
      this.#notes.keep();
      throw error;
    }
    if (this.#hasTwin) await this.#notes.lost(this.#uploadId);
  }

  async #noteCreation(): Promise<void> {
    try {
      await this.#notes.created(this.#uploadId);
    } catch (error) {
      await this.remove();
      throw error;
    }
  }

  async #complete(): Promise<string> {
    const request = {
      Bucket: this.#store.bucket,
      Key: this.#key,
      UploadId: this.#uploadId,
      MultipartUpload: { Parts: this.#parts },
      ...this.#condition.headers,
    };
    try {
      const answer = await this.#store.client.send(new CompleteMultipartUploadCommand(request));
      // S3 may answer 200 before it has done the work, and put the failure into the body.
      return tagOf(answer);
    } catch (error) {
      if (isNoSuchUpload(error)) return (await this.#etagOfEarlierAttempt()) ?? lostTrack(error);
      const etag = await this.#condition.etagOfOwn(error);
      if (etag === undefined) throw error;
      return etag;
    }
  }

  /** A retried completion finds no upload where the first attempt had worked and its answer was lost. */
  async #etagOfEarlierAttempt(): Promise<string | undefined> {
    const request = new HeadObjectCommand({ Bucket: this.#store.bucket, Key: this.#key });
    const answer = await this.#store.client.send(request).catch(ignore);
    const etag = quotedEtag(answer?.ETag);
    return etag !== null && etag === etagOfParts(this.#parts) ? etag : undefined;
  }
}

/** S3's rule: the md5 of the parts' md5s, and their number. */
function etagOfParts(parts: readonly CompletedPart[]): string {
  const digest = createHash('md5');
  for (const { ETag: etag } of parts) digest.update(Buffer.from((etag ?? '').replaceAll('"', ''), 'hex'));
  return `"${digest.digest('hex')}-${String(parts.length)}"`;
}

function lostTrack(cause: unknown): never {
  const message =
    'The store does not know the upload any more, and does not tell whether it has made the object: send it again.';
  throw new StorageError('Unavailable', message, { context: { scheme: 's3' }, cause });
}

function mayHaveHappened(error: unknown): boolean {
  if (!(error instanceof Error) || !('$metadata' in error)) return true;
  const { $metadata: metadata } = error;
  const status =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
      ? metadata.httpStatusCode
      : undefined;
  return typeof status !== 'number' || status >= 500;
}

/** The tag of what an upload has made: a page of another server has none, with whatever status. */
export function tagOf({ ETag: etag }: { readonly ETag?: string | undefined }): string {
  const quoted = quotedEtag(etag);
  if (quoted === null) throw withoutFact('an ETag');
  return quoted;
}

function withoutFact(fact: string): StorageError {
  return new StorageError('Unexpected', `The store's answer to an upload is without ${fact}.`);
}

const ignore = (): undefined => undefined;
