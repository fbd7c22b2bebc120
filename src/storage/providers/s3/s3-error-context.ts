import { isAboutStore, StorageError } from '../../contract/storage-error.js';
import type { S3Store } from './client/s3-store.js';

type NamedStore = Pick<S3Store, 'bucket' | 'endpoint' | 'isAnonymous'>;

/** Adds bucket and endpoint to an error that is about the store, for operators with many stages. */
export function withStoreContext(
  error: StorageError,
  { bucket, endpoint, isAnonymous }: NamedStore,
): StorageError {
  if (!isAboutStore(error) || error.context['bucket'] !== undefined) return error;
  const keys = isAnonymous && error.kind === 'PermissionDenied' ? ', reached without keys' : '';
  return new StorageError(error.kind, `${error.message} (Bucket ${bucket} at ${endpoint}${keys}.)`, {
    context: { ...error.context, bucket, endpoint },
    cause: error.cause,
  });
}
