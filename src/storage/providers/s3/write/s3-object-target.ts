import { createHash } from 'node:crypto';
import {
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import type { Orphan } from '../../../contract/orphan.js';
import type { ObjectKey } from '../../../contract/object-key.js';
import { StorageError } from '../../../contract/storage-error.js';
import type { PutContent } from '../../../contract/storage-provider.js';
import type {
  CopiedObject,
  CopiedPart,
  CreatedUpload,
  ObjectTarget,
  UploadPart,
  WrittenPart,
} from '../../../multipart/object-target.js';
import { isWithoutBody } from '../client/s3-answers.js';
import type { S3Store } from '../client/s3-store.js';
import { quotedEtag } from '../s3-etag.js';
import { assertSameObject } from './s3-answered-object.js';
import { copySource, ofSource } from './s3-copy-source.js';
import { isNoSuchUpload, removeLostUploads, removeMultipartUpload } from './s3-multipart-cleanup.js';
import type { NestedChecks } from './s3-nested-keys.js';
import type { S3PutCondition } from './s3-put-condition.js';

interface S3Put {
  readonly key: ObjectKey;
  readonly contentType: string | undefined;
  readonly condition: S3PutCondition;
  readonly nestedChecks: NestedChecks;
}

/** The target of one put in a bucket. */
export class S3ObjectTarget implements ObjectTarget {
  readonly #store: S3Store;
  readonly #put: S3Put;

  constructor(store: S3Store, put: S3Put) {
    this.#store = store;
    this.#put = put;
  }

  beforeParts(): Promise<void> {
    return this.#put.nestedChecks.beforeParts();
  }

  beforeCommit(): Promise<void> {
    return this.#put.nestedChecks.beforeCommit();
  }

  async writeOnce(bytes: Buffer, { checksums }: PutContent): Promise<string> {
    const { condition } = this.#put;
    const etag = condition.isNone ? await this.#writeWithoutSdk(bytes, checksums.md5) : undefined;
    if (etag !== undefined) return etag;
    const request = new PutObjectCommand({ ...this.#creationFields, Body: bytes, ...condition.headers });
    return this.#etagOf(() => this.#store.client.send(request));
  }

  async createUpload(): Promise<CreatedUpload> {
    const answer = await this.#store.client.send(new CreateMultipartUploadCommand(this.#creationFields));
    assertSameObject(answer, this.#name);
    if (answer.UploadId === undefined) throw missingInAnswer('an upload id');
    return { uploadId: answer.UploadId, mayHaveDuplicate: (answer.$metadata.attempts ?? 1) > 1 };
  }

  async writePart(uploadId: string, { partNumber, bytes }: UploadPart, signal: AbortSignal): Promise<string> {
    const request = { ...this.#object, UploadId: uploadId, PartNumber: partNumber, Body: bytes };
    const answer = await this.#store.client.send(new UploadPartCommand(request), { abortSignal: signal });
    if (answer.ETag === undefined) throw missingInAnswer('an ETag');
    return answer.ETag;
  }

  /** Keeps all of the source's metadata. */
  copyOnce(source: CopiedObject): Promise<string> {
    return ofSource(source, async () => {
      const request = new CopyObjectCommand({ ...this.#object, ...copySource(this.#store.bucket, source) });
      return tagOf((await this.#store.client.send(request)).CopyObjectResult ?? {});
    });
  }

  copyPart(uploadId: string, part: CopiedPart, signal: AbortSignal): Promise<string> {
    const { partNumber, source, start, end } = part;
    return ofSource(source, async () => {
      const request = new UploadPartCopyCommand({
        ...this.#object,
        ...copySource(this.#store.bucket, source),
        UploadId: uploadId,
        PartNumber: partNumber,
        CopySourceRange: `bytes=${String(start)}-${String(end)}`,
      });
      const answer = await this.#store.client.send(request, { abortSignal: signal });
      return tagOf(answer.CopyPartResult ?? {});
    });
  }

  async completeUpload(uploadId: string, written: readonly WrittenPart[]): Promise<string> {
    const parts = written.map(({ partNumber, etag }) => ({ PartNumber: partNumber, ETag: etag }));
    const request = new CompleteMultipartUploadCommand({
      ...this.#object,
      UploadId: uploadId,
      MultipartUpload: { Parts: parts },
      ...this.#put.condition.headers,
    });
    try {
      return await this.#etagOf(async () => {
        const answer = await this.#store.client.send(request);
        assertSameObject(answer, this.#name);
        return answer;
      });
    } catch (error) {
      if (!isNoSuchUpload(error)) throw error;
      return (await this.#etagOfEarlierAttempt(parts)) ?? unknownOutcome(error);
    }
  }

  abortUpload(uploadId: string): Promise<void> {
    return removeMultipartUpload(this.#store, this.#put.key, uploadId);
  }

  abortLostUploads(orphan: Orphan, kept: readonly string[]): Promise<void> {
    return removeLostUploads(this.#store, orphan, () => Promise.resolve(kept));
  }

  mayHaveCreated(error: unknown): boolean {
    if (!(error instanceof Error) || !('$metadata' in error)) return true;
    const { $metadata: metadata } = error;
    const status =
      typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
        ? metadata.httpStatusCode
        : undefined;
    return typeof status !== 'number' || status >= 500;
  }

  failure(error: unknown, signal?: AbortSignal): StorageError {
    return this.#put.condition.failure(error, signal);
  }

  get #name(): { readonly bucket: string; readonly key: string } {
    return { bucket: this.#store.bucket, key: this.#put.key };
  }

  get #object(): { readonly Bucket: string; readonly Key: string } {
    return { Bucket: this.#store.bucket, Key: this.#put.key };
  }

  /** Fields of the request that begins the object. */
  get #creationFields(): {
    readonly Bucket: string;
    readonly Key: string;
    readonly ContentType: string | undefined;
    readonly Metadata: Record<string, string> | undefined;
  } {
    const { contentType, condition } = this.#put;
    return { ...this.#object, ContentType: contentType, Metadata: condition.metadata };
  }

  /** Sends the object without the SDK. Returns undefined for any unusual answer; the SDK's request then reports the problem. */
  async #writeWithoutSdk(bytes: Buffer, md5: string | undefined): Promise<string | undefined> {
    const { key, contentType } = this.#put;
    const answer = await this.#store.plain.send({ method: 'PUT', key, bytes, contentType, md5 });
    if (answer?.status !== 200 || !isWithoutBody(answer.headers)) return undefined;
    return quotedEtag(answer.headers.etag) ?? undefined;
  }

  /** Returns the ETag. An earlier attempt of the request, whose answer was lost, may have stored the object. */
  async #etagOf(send: () => Promise<{ readonly ETag?: string | undefined }>): Promise<string> {
    try {
      // S3 may send status 200 before the work is done, and report a failure in the body.
      return tagOf(await send());
    } catch (error) {
      const etag = await this.#put.condition.etagOfOwnObject(error);
      if (etag === undefined) throw error;
      return etag;
    }
  }

  /** Handles a retried completion, which finds no upload if the first attempt succeeded and its answer was lost. */
  async #etagOfEarlierAttempt(parts: readonly CompletedPart[]): Promise<string | undefined> {
    const answer = await this.#store.client.send(new HeadObjectCommand(this.#object)).catch(() => undefined);
    const etag = quotedEtag(answer?.ETag);
    return etag !== null && etag === etagOfParts(parts) ? etag : undefined;
  }
}

/** Computes the ETag by S3's rule: the md5 of the parts' md5s, and their number. */
function etagOfParts(parts: readonly CompletedPart[]): string {
  const digest = createHash('md5');
  for (const { ETag: etag } of parts) digest.update(Buffer.from((etag ?? '').replaceAll('"', ''), 'hex'));
  return `"${digest.digest('hex')}-${String(parts.length)}"`;
}

function unknownOutcome(cause: unknown): never {
  const message =
    'The store does not know the upload any more, and does not tell whether it has made the object: send it again.';
  throw new StorageError('Unavailable', message, { context: { scheme: 's3' }, cause });
}

/** Requires an ETag: the page of another server has none, with any status. */
function tagOf({ ETag: etag }: { readonly ETag?: string | undefined }): string {
  const quoted = quotedEtag(etag);
  if (quoted === null) throw missingInAnswer('an ETag');
  return quoted;
}

function missingInAnswer(field: string): StorageError {
  return new StorageError('Unexpected', `The store's answer to an upload is without ${field}.`);
}
