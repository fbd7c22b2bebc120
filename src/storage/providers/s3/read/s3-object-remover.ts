import { DeleteObjectCommand, DeleteObjectsCommand, type _Error as DeleteError } from '@aws-sdk/client-s3';
import type { ObjectKey } from '../../../contract/object-key.js';
import type { OperationOptions, RemoveFailure, RemoveReport } from '../../../contract/storage-provider.js';
import { S3_MAX_BATCH } from '../client/s3-limits.js';
import { s3StorageError } from '../s3-storage.errors.js';
import { type S3Store, withSignal } from '../client/s3-store.js';

/** What XML 1.0 cannot carry. Only a foreign writer makes such keys; each is removed by a request of its own. */
const NOT_XML = /[\p{Cc}\uFFFE\uFFFF]/u;

/** Rejects where a whole request fails; what the store refuses key by key is in the report. */
export async function removeObjects(
  store: S3Store,
  keys: readonly ObjectKey[],
  { signal }: OperationOptions,
): Promise<RemoveReport> {
  const unique = [...new Set(keys)];
  const failures: RemoveFailure[] = [];
  const plain = unique.filter((key) => !NOT_XML.test(key));
  for (let from = 0; from < plain.length; from += S3_MAX_BATCH) {
    signal?.throwIfAborted();
    failures.push(...(await removeBatch(store, plain.slice(from, from + S3_MAX_BATCH), signal)));
  }
  for (const key of unique.filter((each) => NOT_XML.test(each))) {
    await store.client.send(new DeleteObjectCommand({ Bucket: store.bucket, Key: key }), withSignal(signal));
  }
  return { removed: unique.length - failures.length, failures };
}

async function removeBatch(
  store: S3Store,
  batch: readonly ObjectKey[],
  signal: AbortSignal | undefined,
): Promise<RemoveFailure[]> {
  const request = new DeleteObjectsCommand({
    Bucket: store.bucket,
    Delete: { Objects: batch.map((key) => ({ Key: key })), Quiet: true },
  });
  const { Errors: errors = [] } = await store.client.send(request, withSignal(signal));
  const byKey = new Map(errors.map((error) => [error.Key ?? '', error]));
  return batch.flatMap((key) => {
    const error = byKey.get(key);
    // Some stores report what was not there.
    return error === undefined || error.Code === 'NoSuchKey' ? [] : [failureOf(key, error)];
  });
}

function failureOf(
  key: ObjectKey,
  { Code: code = 'UnknownError', Message: message = '' }: DeleteError,
): RemoveFailure {
  const error = Object.assign(new Error(message), { name: code });
  return { key, error: s3StorageError(error, { operation: 'remove', key }) };
}
