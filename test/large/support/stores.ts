import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { ListMultipartUploadsCommand, type S3Client } from '@aws-sdk/client-s3';

import type { StageClient } from '../../acceptance/support/stage-client.js';
import { makeBucket, type TestMinio } from '../../acceptance/support/test-minio.js';

export const BUCKET = 'databend';

/** A stage to upload to, and a look behind the server at what its store holds of uploads that are not finished. */
export interface Store {
  readonly stage: string;
  readonly unfinished: (path: string) => Promise<readonly string[]>;
}

/** The server's own internal storage, on disk. */
export async function diskStore(client: StageClient, dataDir: string): Promise<Store> {
  const stage = `disk_${randomUUID().replaceAll('-', '')}`;
  expect((await client.createStage({ name: stage })).status).toBe(201);
  return { stage, unfinished: () => namesIn(join(dataDir, 'internal', '.stagedoor-unfinished')) };
}

export interface S3Store extends Store {
  /** Of the stage's keys in the bucket. */
  readonly prefix: string;
}

/** An external stage in a folder of its own of a MinIO's bucket. */
export async function s3Store(client: StageClient, minio: TestMinio, s3: S3Client): Promise<S3Store> {
  await makeBucket(s3, BUCKET);
  const id = randomUUID().replaceAll('-', '');
  const [stage, prefix] = [`minio_${id}`, `large/${id}/`];
  const connection = {
    endpoint_url: minio.endpoint,
    access_key_id: minio.accessKeyId,
    secret_access_key: minio.secretAccessKey,
  };
  const created = await client.createStage({ name: stage, url: `s3://${BUCKET}/${prefix}`, connection });
  expect(created.status).toBe(201);
  return {
    stage,
    prefix,
    // MinIO lists the uploads of an exact key alone.
    async unfinished(path) {
      const answer = await s3.send(
        new ListMultipartUploadsCommand({ Bucket: BUCKET, Prefix: prefix + path }),
      );
      return (answer.Uploads ?? []).map(({ Key: key }) => key ?? '');
    },
  };
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
