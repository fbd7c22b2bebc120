import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';

/** Makes the bucket on a MinIO, unless it is there. */
export async function makeBucket({ endpoint, accessKeyId, secretAccessKey }, bucket) {
  const credentials = { accessKeyId, secretAccessKey };
  const client = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true });
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
  } catch (error) {
    if (error.name !== 'BucketAlreadyOwnedByYou') throw error;
  } finally {
    client.destroy();
  }
}
