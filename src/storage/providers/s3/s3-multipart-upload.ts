import { createHash } from 'node:crypto';
import {
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { StorageError } from '../../contract/storage-error.js';
import { isNoSuchUpload, removeLostUploads, removeMultipartUpload } from './s3-multipart-cleanup.js';
import type { S3PutCondition } from './s3-put-condition.js';
import type { S3Store } from './s3-store.js';

export interface UploadTarget {
  readonly key: string;
  readonly contentType?: string | undefined;
  readonly condition: S3PutCondition;
  /** Does nobody else in this process upload to the key? Only then may an unknown upload of it be taken for ours. */
  readonly isOnlyUpload: () => boolean;
}

/** One S3 multipart upload, from its creation to `complete` or `remove`. */
export class S3MultipartUpload {
  readonly #store: S3Store;
  readonly #key: string;
  readonly #condition: S3PutCondition;
  readonly #uploadId: string;
  readonly #parts: CompletedPart[] = [];

  private constructor(store: S3Store, { key, condition }: UploadTarget, uploadId: string) {
    this.#store = store;
    this.#key = key;
    this.#condition = condition;
    this.#uploadId = uploadId;
  }

  /** Takes no signal: an upload whose id is not waited for could never be removed. */
  static async create(store: S3Store, target: UploadTarget): Promise<S3MultipartUpload> {
    const since = new Date();
    const { key, contentType, condition } = target;
    const request = {
      Bucket: store.bucket,
      Key: key,
      ContentType: contentType,
      Metadata: condition.metadata,
    };
    try {
      const answer = await store.client.send(new CreateMultipartUploadCommand(request));
      if (answer.UploadId === undefined) throw withoutFact('an upload id');
      const retried = (answer.$metadata.attempts ?? 1) > 1;
      if (retried && target.isOnlyUpload()) {
        await removeLostUploads(store, key, { since, keep: answer.UploadId }).catch(ignore);
      }
      return new S3MultipartUpload(store, target, answer.UploadId);
    } catch (error) {
      // A refusal creates nothing; what the store did before a broken connection or a failure of its own is not known.
      if (mayHaveHappened(error) && target.isOnlyUpload()) {
        await removeLostUploads(store, key, { since }).catch(ignore);
      }
      throw error;
    }
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
      if (answer.ETag === undefined) throw withoutFact('an ETag');
      return answer.ETag;
    } catch (error) {
      const etag = isNoSuchUpload(error)
        ? await this.#etagOfEarlierAttempt()
        : await this.#condition.etagOfOwn(error);
      if (etag === undefined) throw error;
      return etag;
    }
  }

  /** Resolves when the store keeps no part of the upload. No request of it may be on its way. */
  async remove(): Promise<void> {
    await removeMultipartUpload(this.#store, this.#key, this.#uploadId);
  }

  /** A retried completion finds no upload where the first attempt had worked and its answer was lost. */
  async #etagOfEarlierAttempt(): Promise<string | undefined> {
    const request = new HeadObjectCommand({ Bucket: this.#store.bucket, Key: this.#key });
    const answer = await this.#store.client.send(request).catch(ignore);
    return answer?.ETag !== undefined && answer.ETag === etagOfParts(this.#parts) ? answer.ETag : undefined;
  }
}

/** S3's rule: the md5 of the parts' md5s, and their number. */
function etagOfParts(parts: readonly CompletedPart[]): string {
  const digest = createHash('md5');
  for (const { ETag: etag } of parts) digest.update(Buffer.from((etag ?? '').replaceAll('"', ''), 'hex'));
  return `"${digest.digest('hex')}-${String(parts.length)}"`;
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

function withoutFact(fact: string): StorageError {
  return new StorageError('Unavailable', `The store's answer to an upload is without ${fact}.`);
}

const ignore = (): undefined => undefined;
