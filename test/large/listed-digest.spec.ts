import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';

import { curl } from '../acceptance/support/curl.js';
import {
  removeFolder,
  startServer,
  temporaryFolder,
  type ServerProcess,
} from '../acceptance/support/server-process.js';
import { StageClient } from '../acceptance/support/stage-client.js';
import { clientOf, describeWithMinio } from '../acceptance/support/test-minio.js';
import { makeLargeFile } from './support/large-file.js';
import { BUCKET, diskStore, s3Store } from './support/stores.js';

const NAME = 'hundred.bin';
const BYTES = 100 * 1024 ** 2;
const REPLACED = 'replaced behind its back';

let folder: string;
let source: string;
let md5: string;
let server: ServerProcess;
let client: StageClient;

beforeAll(async () => {
  folder = await temporaryFolder();
  source = join(folder, NAME);
  await makeLargeFile(source, BYTES);
  const hash = createHash('md5');
  await pipeline(createReadStream(source), hash);
  md5 = hash.digest('hex');
  server = await startServer(join(folder, 'data'));
  client = new StageClient(server.url);
});

afterAll(async () => {
  await server.stop();
  await removeFolder(folder);
});

async function listedAfter(stage: string, ...how: readonly string[]): Promise<unknown> {
  const { status } = await curl('-u', 'root:', ...how);
  expect([200, 201]).toContain(status);
  return client.listFiles(stage);
}

/** By each way in. */
async function expectListed(stage: string): Promise<void> {
  const listed = [expect.objectContaining({ name: NAME, size: BYTES, md5, creator: "'root'@'%'" })];
  const form = ['-H', `x-databend-stage-name: ${stage}`, '-F', `upload=@${source}`];
  expect(await listedAfter(stage, ...form, '-XPUT', `${server.url}/v1/upload_to_stage`)).toEqual(listed);
  const raw = `${server.url}/v1/stages/${stage}/files/${NAME}`;
  expect(await listedAfter(stage, '-T', source, raw)).toEqual(listed);
}

it('100 MiB on disk are listed with their md5 and their creator', async () => {
  const { stage } = await diskStore(client, join(folder, 'data'));
  await expectListed(stage);
});

describeWithMinio('on MinIO', (minio) => {
  it('100 MiB in several parts are listed with their md5 and their creator, until they are replaced', async () => {
    const s3 = clientOf(minio);
    const { stage, prefix } = await s3Store(client, minio, s3);
    await expectListed(stage);
    const object = { Bucket: BUCKET, Key: prefix + NAME };
    expect((await s3.send(new HeadObjectCommand(object))).ETag).toMatch(/^"[0-9a-f]{32}-\d+"$/);
    const { ETag: etag } = await s3.send(new PutObjectCommand({ ...object, Body: REPLACED }));
    const replaced = { name: NAME, size: REPLACED.length, md5: etag, creator: null };
    expect(await client.listFiles(stage)).toEqual([expect.objectContaining(replaced)]);
    await client.send(`/v1/stages/${stage}/files/${NAME}`, { method: 'DELETE' });
    s3.destroy();
  });
});
