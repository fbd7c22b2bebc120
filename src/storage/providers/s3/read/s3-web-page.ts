import { randomUUID } from 'node:crypto';
import { type GetObjectCommandOutput, HeadObjectCommand } from '@aws-sdk/client-s3';
import { PROBE_NAME } from '../../../contract/object-key.js';
import { StorageError } from '../../../contract/storage-error.js';
import { type S3Store, withSignal } from '../client/s3-store.js';
import { s3StorageError } from '../s3-storage.errors.js';

/**
 * A web server that shows one page under every path tells its length, time and tag, as a store does of an object. So what does
 * not number its requests is believed only where a name that nobody has is not there.
 *
 * @throws StorageError of kind `InvalidConfig`, or what the SDK says.
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
