import { BucketAlreadyOwnedByYou, CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import process from 'node:process';

/** @import { MinioAccess } from './minio-server.mjs' */

// On Node 20 the SDK warns of its later releases; this one is pinned.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

/**
 * Makes the bucket on a MinIO, unless it is there.
 * @param {MinioAccess} minio
 * @param {string} bucket
 */
export async function makeBucket({ endpoint, accessKeyId, secretAccessKey }, bucket) {
  const credentials = { accessKeyId, secretAccessKey };
  const client = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true });
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
  } catch (error) {
    if (!(error instanceof BucketAlreadyOwnedByYou)) throw error;
  } finally {
    client.destroy();
  }
}
