import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';

export interface TestMinio {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The MinIO that the global setup started or was given; null where none is to be had. */
export function testMinio(): TestMinio | null {
  const endpoint = process.env['S3_TEST_ENDPOINT'];
  if (!endpoint) return null;
  return {
    endpoint,
    accessKeyId: process.env['S3_TEST_ACCESS_KEY_ID'] ?? 'minioadmin',
    secretAccessKey: process.env['S3_TEST_SECRET_ACCESS_KEY'] ?? 'minioadmin',
  };
}

/** `describe` where there is a MinIO, else the cases are reported as skipped. */
export function describeWithMinio(name: string, cases: (minio: TestMinio) => void): void {
  const minio = testMinio();
  if (minio === null) {
    describe.skip(name, () => {
      it('needs a MinIO', () => undefined);
    });
    return;
  }
  describe(name, () => {
    cases(minio);
  });
}

export function clientOf({ endpoint, accessKeyId, secretAccessKey }: TestMinio): S3Client {
  const credentials = { accessKeyId, secretAccessKey };
  return new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true });
}

export async function makeBucket(client: S3Client, bucket: string): Promise<void> {
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'BucketAlreadyOwnedByYou') throw error;
  }
}
