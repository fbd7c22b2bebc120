import process from 'node:process';

import { startMinio } from '../../scripts/minio.mjs';
import { onlyUnitTests } from './selected-projects.mjs';

/** Starts one MinIO for the whole run; the specs find it by S3_TEST_ENDPOINT and skip their S3 cases without it. */
export default async function globalSetup() {
  if (onlyUnitTests(process.argv.slice(2))) return;
  const minio = await startMinio();
  if (minio.endpoint === null) {
    const message = `S3 cases are skipped: ${minio.reason}`;
    if (process.env.CI) throw new Error(`${message} (in CI they must run)`);
    console.error(message);
    return;
  }
  process.env.S3_TEST_ENDPOINT = minio.endpoint;
  process.env.S3_TEST_ACCESS_KEY_ID = minio.accessKeyId;
  process.env.S3_TEST_SECRET_ACCESS_KEY = minio.secretAccessKey;
  globalThis.stagedoorTestMinio = minio;
}
