import { randomUUID } from 'node:crypto';
import { HeadObjectCommand, type HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import type { ObjectKey } from '../../../contract/object-key.js';
import { preconditionFailed, assertCondition } from '../../../contract/put-condition.js';
import type { StorageError } from '../../../contract/storage-error.js';
import type { PutCondition } from '../../../contract/storage-provider.js';
import { assertNoWebPage } from '../read/s3-web-page.js';
import { quotedEtag } from '../s3-etag.js';
import { s3StorageError } from '../s3-storage.errors.js';
import { type S3Store, withSignal } from '../client/s3-store.js';

/** Metadata of an object that was put with a condition. It identifies the put. */
const MARK = 'stagedoor-put';

/** A put's condition as headers and metadata for the store. A put without a condition has neither. */
export class S3PutCondition {
  readonly #store: S3Store;
  readonly #key: ObjectKey;
  readonly #condition: PutCondition | undefined;
  readonly #mark = randomUUID();

  constructor(store: S3Store, key: ObjectKey, condition: PutCondition | undefined) {
    this.#store = store;
    this.#key = key;
    this.#condition = condition;
  }

  get isNone(): boolean {
    return this.#condition === undefined;
  }

  /** Headers of the request that makes the object visible. */
  get headers(): { readonly IfNoneMatch?: string; readonly IfMatch?: string } {
    if (this.#condition === undefined) return {};
    return this.#condition.kind === 'absent' ? { IfNoneMatch: '*' } : { IfMatch: this.#condition.etag };
  }

  /** Metadata of the request that begins the object. */
  get metadata(): Record<string, string> | undefined {
    return this.#condition === undefined ? undefined : { [MARK]: this.#mark };
  }

  /** Checks the condition before gigabytes are received that the store would refuse in the end. */
  async assertMayHold(signal: AbortSignal): Promise<void> {
    if (this.#condition === undefined) return;
    signal.throwIfAborted();
    let existing: { etag: string | null } | undefined;
    try {
      existing = { etag: quotedEtag((await this.#head(signal)).ETag) };
    } catch (error) {
      const { kind } = s3StorageError(error, { operation: 'stat' });
      if (kind === 'PermissionDenied') return; // these keys may write and not read: the store itself decides
      if (kind !== 'NotFound') throw error;
    }
    assertCondition(this.#condition, existing, { operation: 'put', scheme: 's3', key: this.#key });
  }

  /**
   * Returns the ETag if the object is this put's own. A retried request, whose first answer was lost, violates the condition by the
   * object that the first attempt has stored.
   */
  async etagOfOwnObject(error: unknown): Promise<string | undefined> {
    if (attemptsOf(error) < 2 || this.failure(error, undefined).kind !== 'PreconditionFailed')
      return undefined;
    const { Metadata: metadata, ETag: etag } = await this.#head();
    return metadata?.[MARK] === this.#mark ? (quotedEtag(etag) ?? undefined) : undefined;
  }

  /** Translates the failure of a put. */
  failure(error: unknown, signal: AbortSignal | undefined): StorageError {
    const failure = s3StorageError(error, { operation: 'put', key: this.#key, signal });
    if (this.#condition === undefined || failure.kind === 'Aborted') return failure;
    const isMissing = this.#condition.kind === 'etag' && error instanceof Error && error.name === 'NoSuchKey';
    if (failure.kind !== 'PreconditionFailed' && !isMissing) return failure;
    return preconditionFailed(this.#condition, failure.context, failure.cause);
  }

  async #head(signal?: AbortSignal): Promise<HeadObjectCommandOutput> {
    const request = new HeadObjectCommand({ Bucket: this.#store.bucket, Key: this.#key });
    const answer = await this.#store.client.send(request, withSignal(signal));
    await assertNoWebPage(this.#store, answer, signal);
    return answer;
  }
}

function attemptsOf(error: unknown): number {
  if (!(error instanceof Error) || !('$metadata' in error)) return 1;
  const { $metadata: metadata } = error;
  const hasAttempts = typeof metadata === 'object' && metadata !== null && 'attempts' in metadata;
  return hasAttempts && typeof metadata.attempts === 'number' ? metadata.attempts : 1;
}
