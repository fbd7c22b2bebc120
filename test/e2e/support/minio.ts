import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';

export interface TestMinio {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

function minioFromEnvironment(): TestMinio | undefined {
  const endpoint = process.env['S3_TEST_ENDPOINT'];
  const accessKeyId = process.env['S3_TEST_ACCESS_KEY_ID'];
  const secretAccessKey = process.env['S3_TEST_SECRET_ACCESS_KEY'];
  if (!endpoint || !accessKeyId || !secretAccessKey) return undefined;
  return { endpoint, accessKeyId, secretAccessKey };
}

/** Cases on a real MinIO. Without one they are reported as skipped, and fail in CI. */
export function describeOnMinio(title: string, cases: (minio: TestMinio) => void): void {
  const minio = minioFromEnvironment();
  if (minio !== undefined) {
    describe(title, () => {
      cases(minio);
    });
    return;
  }
  const run = process.env['CI'] ? describe : describe.skip;
  run(`${title} (needs a MinIO: S3_TEST_ENDPOINT is not set)`, () => {
    it('has a MinIO', () => {
      expect(process.env['S3_TEST_ENDPOINT']).toBeDefined();
    });
  });
}

export async function makeBucket(minio: TestMinio, bucket: string): Promise<void> {
  const { endpoint, ...credentials } = minio;
  const client = new S3Client({ endpoint, credentials, region: 'us-east-1', forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  client.destroy();
}

/** A CONNECTION clause that reaches it. */
export function connectionTo({ endpoint, accessKeyId, secretAccessKey }: TestMinio): Record<string, string> {
  return { endpoint_url: endpoint, aws_key_id: accessKeyId, aws_secret_key: secretAccessKey };
}
