import { randomUUID } from 'node:crypto';

import { newPostgresUrl } from '../../../support/test-database.js';
import type { Environment } from '../../support/server-process.js';
import { clientOf, makeBucket, testMinio } from '../../support/test-minio.js';

/** Where a server of the console's tests keeps its data: SQLite and a folder, or what `npm run test:console` says. */
export async function storesOfRun(): Promise<Environment> {
  if (process.env['STAGEDOOR_TEST_CONSOLE'] !== 'postgres-minio') return {};
  const minio = testMinio();
  if (minio === null) throw new Error('This run has no MinIO.');
  const client = clientOf(minio);
  const bucket = `console-${randomUUID()}`;
  await makeBucket(client, bucket);
  client.destroy();
  return {
    DATABASE_URL: await newPostgresUrl(),
    INTERNAL_STORAGE_URL: `s3://${bucket}/stagedoor/`,
    INTERNAL_STORAGE_ENDPOINT_URL: minio.endpoint,
    INTERNAL_STORAGE_ACCESS_KEY_ID: minio.accessKeyId,
    INTERNAL_STORAGE_SECRET_ACCESS_KEY: minio.secretAccessKey,
  };
}
