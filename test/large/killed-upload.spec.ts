import { join } from 'node:path';

import {
  removeFolder,
  startServer,
  temporaryFolder,
  type ServerProcess,
} from '../acceptance/support/server-process.js';
import { BOOKS, expectBooksIn, StageClient } from '../acceptance/support/stage-client.js';
import { clientOf, describeWithMinio } from '../acceptance/support/test-minio.js';
import { eventually } from './support/eventually.js';
import { uploadKilled } from './support/killed-upload.js';
import { LARGE_BYTES, makeLargeFile } from './support/large-file.js';
import { diskStore, s3Store, type Store } from './support/stores.js';

const SIZE = Math.min(1024 ** 3, LARGE_BYTES);
const TIMEOUT_MS = 5 * 60_000;

let folder: string;
let source: string;
let server: ServerProcess;
let client: StageClient;

beforeAll(async () => {
  folder = await temporaryFolder();
  source = join(folder, 'source.bin');
  await makeLargeFile(source, SIZE);
  server = await startServer(join(folder, 'data'));
  client = new StageClient(server.url);
}, TIMEOUT_MS);

afterAll(async () => {
  await server.stop();
  await removeFolder(folder);
});

/** Every case kills two uploads of one name: one to an empty stage, one over a file. */
async function killAtHalf({ stage, unfinished }: Store): Promise<void> {
  await uploadKilled({
    ...{ url: server.url, stage, name: BOOKS, source, afterBytes: SIZE / 2 },
    beforeKill: async () => {
      // Else there would be nothing to clear away, and the test would show nothing.
      expect(await unfinished(BOOKS)).toHaveLength(1);
    },
  });
  await eventually(() => unfinished(BOOKS), []);
}

async function leavesNothing(store: Store): Promise<void> {
  await killAtHalf(store);
  expect(await client.listFiles(store.stage)).toEqual([]);
  expect((await client.uploadBooks(store.stage)).status).toBe(200);
  await killAtHalf(store);
  await expectBooksIn(client, store.stage);
}

describe('an upload whose curl is killed at its half', () => {
  it(
    'leaves nothing on disk, and a previous file whole',
    async () => {
      await leavesNothing(await diskStore(client, join(folder, 'data')));
    },
    TIMEOUT_MS,
  );

  describeWithMinio('to MinIO', (minio) => {
    it(
      'leaves no object and no open multipart upload, and a previous file whole',
      async () => {
        const s3 = clientOf(minio);
        await leavesNothing(await s3Store(client, minio, s3));
        s3.destroy();
      },
      TIMEOUT_MS,
    );
  });
});
