import { setMaxListeners } from 'node:events';
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  HeadObjectCommand,
  type _Error as DeleteError,
} from '@aws-sdk/client-s3';
import { ESCAPE } from '../../../contract/key-bytes.js';
import type { ListedKey } from '../../../contract/listed-key.js';
import { etagMismatch } from '../../../contract/put-condition.js';
import { StorageError } from '../../../contract/storage-error.js';
import type { RemoveFailure, RemoveOptions, RemoveReport } from '../../../contract/storage-provider.js';
import { S3_MAX_BATCH } from '../client/s3-limits.js';
import { type S3Store, withSignal } from '../client/s3-store.js';
import { s3StorageError } from '../s3-storage.errors.js';
import { quotedEtag } from '../s3-etag.js';
import { isRejectedName, type S3ExactNames } from './s3-exact-names.js';

/** Characters that XML 1.0 cannot contain. Only other programs create such keys; each is removed by a request of its own. */
const NOT_XML = new RegExp(`[\\p{Cc}\\uFFFE\\uFFFF${ESCAPE}]`, 'u');
const MAX_CONCURRENT_REQUESTS = 8;

/** Removes objects of one bucket. */
export class S3ObjectRemover {
  readonly #store: S3Store;
  readonly #names: S3ExactNames;

  constructor(store: S3Store, names: S3ExactNames) {
    this.#store = store;
    this.#names = names;
  }

  /** Removes objects. Rejects if a whole request fails; the report has the failures of single keys. */
  async remove(keys: readonly ListedKey[], options: RemoveOptions): Promise<RemoveReport> {
    const { signal, etag } = options;
    const unique = [...new Set(keys)];
    const exactKeys = await this.#exactKeys(unique, signal);
    const isSingle = (key: ListedKey): boolean =>
      etag !== undefined || exactKeys.length === 1 || NOT_XML.test(key);
    const plain = exactKeys.filter((key) => !isSingle(key));
    const failures: RemoveFailure[] = [];
    for (let from = 0; from < plain.length; from += S3_MAX_BATCH) {
      signal?.throwIfAborted();
      failures.push(...(await this.#removeMany(plain.slice(from, from + S3_MAX_BATCH), options)));
    }
    failures.push(...(await this.#removeEach(exactKeys.filter(isSingle), options)));
    return { removed: unique.length - failures.length, failures };
  }

  /** Removes many objects by one request. If the store cannot, removes them one by one, and remembers that. */
  async #removeMany(batch: readonly ListedKey[], options: RemoveOptions): Promise<readonly RemoveFailure[]> {
    const { dialect } = this.#store;
    if (!dialect.lacksMultiDelete) {
      try {
        return await this.#removeBatch(batch, options.signal);
      } catch (error) {
        if (!mayLackMultiDelete(error)) throw error;
      }
    }
    const failures = await this.#removeEach(batch, options);
    dialect.lacksMultiDelete ||= failures.length < batch.length;
    return failures;
  }

  /** Removes objects one by one. Stops at an unreachable store: each further request would wait as long. */
  async #removeEach(keys: readonly ListedKey[], options: RemoveOptions): Promise<readonly RemoveFailure[]> {
    const failures: RemoveFailure[] = [];
    let outage: StorageError | undefined;
    // Each request adds a listener, and Node warns about more than ten.
    if (options.signal !== undefined) setMaxListeners(4 * MAX_CONCURRENT_REQUESTS, options.signal);
    await forEachConcurrently(keys, async (key) => {
      const failure = outage === undefined ? await this.#removeOne(key, options) : { key, error: outage };
      if (failure === undefined) return;
      failures.push(failure);
      if (failure.error.kind === 'Unavailable') outage ??= failure.error;
    });
    return failures;
  }

  /** Returns the keys without those that the store would take for others. */
  async #exactKeys(
    keys: readonly ListedKey[],
    signal: AbortSignal | undefined,
  ): Promise<readonly ListedKey[]> {
    const exactKeys: ListedKey[] = [];
    for (const key of keys) {
      try {
        await this.#names.assertExact(key, signal);
        exactKeys.push(key);
      } catch (error) {
        if (!(error instanceof StorageError) || error.kind !== 'NotFound') throw error;
      }
    }
    return exactKeys;
  }

  async #removeBatch(
    batch: readonly ListedKey[],
    signal: AbortSignal | undefined,
  ): Promise<readonly RemoveFailure[]> {
    const request = new DeleteObjectsCommand({
      Bucket: this.#store.bucket,
      Delete: { Objects: batch.map((key) => ({ Key: key })), Quiet: false },
    });
    const answer = await this.#store.client.send(request, withSignal(signal));
    const deleted = new Set(answer.Deleted?.map(({ Key: key }) => key));
    const errors = new Map(answer.Errors?.map((error) => [error.Key, error]));
    return batch.flatMap((key) => {
      const error = errors.get(key);
      // Some stores report missing objects.
      if (error?.Code === 'NoSuchKey') return [];
      if (error !== undefined) return [failureOf(key, error)];
      return deleted.has(key) ? [] : [{ key, error: unreported(key) }];
    });
  }

  async #removeOne(key: ListedKey, { signal, etag }: RemoveOptions): Promise<RemoveFailure | undefined> {
    const target = { Bucket: this.#store.bucket, Key: key };
    try {
      signal?.throwIfAborted();
      if (etag !== undefined) await this.#assertEtag(key, etag, signal);
      await this.#store.client.send(
        new DeleteObjectCommand({ ...target, IfMatch: etag }),
        withSignal(signal),
      );
      return undefined;
    } catch (error) {
      const failure = s3StorageError(error, { operation: 'remove', key, signal });
      if (failure.kind === 'Aborted') throw failure;
      // The store has no such condition: the check of the etag before is all that is possible.
      if (failure.kind === 'Unsupported' && etag !== undefined) return this.#removeOne(key, { signal });
      // No object has a name that the store rejects.
      if (failure.kind === 'NotFound' || isRejectedName(failure, key)) return undefined;
      const isMismatch = failure.kind === 'PreconditionFailed';
      return { key, error: isMismatch ? etagMismatch(failure.context, failure.cause) : failure };
    }
  }

  /** Checks the etag by a request of its own: some stores reject the condition of a removal, others ignore it. */
  async #assertEtag(key: ListedKey, etag: string, signal: AbortSignal | undefined): Promise<void> {
    const request = new HeadObjectCommand({ Bucket: this.#store.bucket, Key: key });
    const existing = await this.#store.client.send(request, withSignal(signal)).catch((error: unknown) => {
      throw s3StorageError(error, { operation: 'stat', key, signal });
    });
    if (quotedEtag(existing.ETag) !== etag) throw etagMismatch({ operation: 'remove', scheme: 's3', key });
  }
}

async function forEachConcurrently<Item>(
  items: readonly Item[],
  act: (item: Item) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  const work = async (): Promise<void> => {
    for (const item of waiting) await act(item);
  };
  await Promise.all(Array.from({ length: Math.min(items.length, MAX_CONCURRENT_REQUESTS) }, work));
}

/** May the error mean that the store has no DeleteObjects? Removing keys one by one then shows each key's own error. */
function mayLackMultiDelete(error: unknown): boolean {
  const { kind, context } = s3StorageError(error, { operation: 'remove' });
  if (kind === 'Unsupported') return true;
  return kind === 'Unexpected' && MULTI_DELETE_REFUSALS.includes(Number(context['status']));
}

/** Status codes of GCS and others for DeleteObjects. */
const MULTI_DELETE_REFUSALS = [400, 405, 411, 415];

function unreported(key: ListedKey): StorageError {
  const message = "The store's answer does not say what became of it.";
  return new StorageError('Unexpected', message, { context: { operation: 'remove', scheme: 's3', key } });
}

function failureOf(
  key: ListedKey,
  { Code: code = 'UnknownError', Message: message = '' }: DeleteError,
): RemoveFailure {
  const error = Object.assign(new Error(message), { name: code });
  return { key, error: s3StorageError(error, { operation: 'remove', key }) };
}
