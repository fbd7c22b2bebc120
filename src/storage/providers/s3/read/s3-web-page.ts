import { randomUUID } from 'node:crypto';
import { type GetObjectCommandOutput, HeadObjectCommand } from '@aws-sdk/client-s3';
import { PROBE_NAME } from '../../../contract/object-key.js';
import { StorageError } from '../../../contract/storage-error.js';
import { type S3Store, withSignal } from '../client/s3-store.js';
import { s3StorageError } from '../s3-storage.errors.js';

/**
 * Detects a web server that serves one page under every path, with length, time and tag, as a store serves an object. An answer
 * without a request id is trusted only after the store has reported a random name as missing.
 *
 * @throws StorageError of kind `InvalidConfig`, or the SDK's error.
 */
export async function assertNoWebPage(
  store: S3Store,
  { $metadata: { requestId = '' } }: Pick<GetObjectCommandOutput, '$metadata'>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { bucket, client, dialect } = store;
  if (dialect.reportsMissingObjects || requestId !== '') return;
  const request = new HeadObjectCommand({ Bucket: bucket, Key: PROBE_NAME + randomUUID() });
  try {
    await client.send(request, withSignal(signal));
  } catch (error) {
    const { kind } = s3StorageError(error, { operation: 'stat', signal });
    if (kind !== 'NotFound' && kind !== 'PermissionDenied') throw error;
    dialect.reportsMissingObjects = true;
    return;
  }
  const message =
    'The store has something under every name: a web page or another service answers there, see endpoint_url.';
  throw new StorageError('InvalidConfig', message, { context: { scheme: 's3' } });
}
