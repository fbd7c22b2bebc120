import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';

import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';

import { composeEnvironment } from './support/compose-environment.js';
import { removeFolder, startServer, temporaryFolder, type ServerProcess } from './support/server-process.js';
import { BOOKS, readBooks, StageClient } from './support/stage-client.js';
import { clientOf, describeWithMinio, makeBucket, type TestMinio } from './support/test-minio.js';

const ROOT = resolve(import.meta.dirname, '../..');
const COMPOSE = await readFile(resolve(ROOT, 'docker-compose.yml'), 'utf8');
const ENVIRONMENT = composeEnvironment(COMPOSE, 'stagedoor');

/** Compose's settings; only what names a host, a folder or a key of the test machine is another. */
function onThisMachine(minio: TestMinio, dataDir: string): Record<string, string> {
  return {
    ...ENVIRONMENT,
    DATA_DIR: dataDir,
    INTERNAL_STORAGE_ENDPOINT_URL: minio.endpoint,
    INTERNAL_STORAGE_ACCESS_KEY_ID: minio.accessKeyId,
    INTERNAL_STORAGE_SECRET_ACCESS_KEY: minio.secretAccessKey,
  };
}

async function readObject(client: S3Client, key: string): Promise<Buffer> {
  const answer = await client.send(new GetObjectCommand({ Bucket: 'stagedoor', Key: key }));
  return Buffer.from((await answer.Body?.transformToByteArray()) ?? []);
}

it('the Compose file names the internal storage and a password', () => {
  expect(ENVIRONMENT).toEqual({
    ROOT_PASSWORD: 'stagedoor',
    INTERNAL_STORAGE_URL: 's3://stagedoor/',
    INTERNAL_STORAGE_ENDPOINT_URL: 'http://minio:9000',
    INTERNAL_STORAGE_REGION: 'us-east-1',
    INTERNAL_STORAGE_ACCESS_KEY_ID: 'minioadmin',
    INTERNAL_STORAGE_SECRET_ACCESS_KEY: 'minioadmin',
    DATA_DIR: '/var/lib/stagedoor',
  });
});

it('the image starts the process that these tests start', async () => {
  const dockerfile = await readFile(resolve(ROOT, 'Dockerfile'), 'utf8');
  expect(dockerfile).toContain('CMD ["node", "dist/src/main.js"]');
});

describeWithMinio("a server with the Compose file's environment", (minio) => {
  let folder: string;
  let server: ServerProcess;
  let stages: StageClient;
  let bucket: S3Client;

  beforeAll(async () => {
    bucket = clientOf(minio);
    await makeBucket(bucket, 'stagedoor');
    folder = await temporaryFolder();
    server = await startServer(folder, onThisMachine(minio, folder));
    stages = new StageClient(server.url, ENVIRONMENT['ROOT_PASSWORD']);
  });

  afterAll(async () => {
    await server.stop();
    await removeFolder(folder);
    bucket.destroy();
  });

  it("keeps an internal stage's files under Databend's key", async () => {
    const name = `compose_${String(Date.now())}`;
    expect((await stages.createStage({ name })).status).toBe(201);
    expect((await stages.uploadBooks(name)).status).toBe(200);
    expect(await readObject(bucket, `stage/internal/${name}/${BOOKS}`)).toEqual(await readBooks());
  });

  it("keeps the user stage's files under Databend's key", async () => {
    expect((await stages.uploadBooks('~')).status).toBe(200);
    expect(await readObject(bucket, `stage/user/root/${BOOKS}`)).toEqual(await readBooks());
  });

  it('lets nobody in without the password', async () => {
    const answer = await new StageClient(server.url).send('/v1/stages');
    expect(answer.status).toBe(401);
  });
});
