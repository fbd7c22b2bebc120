import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { curl } from '../acceptance/support/curl.js';
import {
  removeFolder,
  startServer,
  temporaryFolder,
  type ServerProcess,
} from '../acceptance/support/server-process.js';
import { StageClient } from '../acceptance/support/stage-client.js';
import { clientOf, describeWithMinio } from '../acceptance/support/test-minio.js';
import { sha256OfDownload, sha256OfFile } from './support/digests.js';
import { LARGE_BYTES, makeLargeFile } from './support/large-file.js';
import { peakRss } from './support/process-facts.js';
import { report } from './support/report.js';
import { diskStore, s3Store, type Store } from './support/stores.js';

const NAME = 'large.bin';
const MAX_RSS = 200 * 1000 ** 2;
const TIMEOUT_MS = 20 * 60_000;

let folder: string;
let source: string;
let sourceDigest: string;
let server: ServerProcess;
let client: StageClient;

beforeAll(async () => {
  folder = await temporaryFolder();
  source = join(folder, NAME);
  await makeLargeFile(source, LARGE_BYTES);
  sourceDigest = await sha256OfFile(source);
}, TIMEOUT_MS);

afterAll(async () => {
  await removeFolder(folder);
});

beforeEach(async () => {
  server = await startServer(join(folder, 'data'));
  client = new StageClient(server.url);
});

afterEach(async () => {
  await server.stop();
  await rm(join(folder, 'data'), { recursive: true, force: true });
});

async function uploadWithBoundedMemory(what: string, { stage, unfinished }: Store): Promise<void> {
  const start = performance.now();
  const { status, body } = await curl(
    ...['-u', 'root:', '-H', `x-databend-stage-name: ${stage}`, '-F', `upload=@${source}`],
    ...['-XPUT', `${server.url}/v1/upload_to_stage`],
  );
  const seconds = (performance.now() - start) / 1000;
  const rss = await peakRss(server.pid);
  const mib = LARGE_BYTES / 1024 ** 2;
  report(
    `${mib.toFixed(0)} MiB to ${what}: ${seconds.toFixed(1)} s, ${(mib / seconds).toFixed(0)} MiB/s, ` +
      `peak RSS ${(rss / 1000 ** 2).toFixed(1)} MB`,
  );
  expect({ status, body }).toMatchObject({ status: 200, body: { state: 'SUCCESS', files: [NAME] } });
  expect(rss).toBeLessThan(MAX_RSS);
  expect(await client.listFiles(stage)).toEqual([expect.objectContaining({ name: NAME, size: LARGE_BYTES })]);
  expect(await unfinished(NAME)).toEqual([]);
  expect(await sha256OfDownload(client, stage, NAME)).toBe(sourceDigest);
  report(
    `downloaded again, right to the last byte: peak RSS ${((await peakRss(server.pid)) / 1e6).toFixed(1)} MB`,
  );
}

it(
  'a large upload to disk comes through whole, in bounded memory',
  async () => {
    await uploadWithBoundedMemory('disk', await diskStore(client, join(folder, 'data')));
  },
  TIMEOUT_MS,
);

describeWithMinio('on MinIO', (minio) => {
  it(
    'a large upload comes through whole, in bounded memory',
    async () => {
      const s3 = clientOf(minio);
      const store = await s3Store(client, minio, s3);
      await uploadWithBoundedMemory('MinIO', store);
      expect(
        (await client.send(`/v1/stages/${store.stage}/files/${NAME}`, { method: 'DELETE' })).status,
      ).toBe(200);
      s3.destroy();
    },
    TIMEOUT_MS,
  );
});
