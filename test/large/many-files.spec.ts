import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';

import {
  removeFolder,
  startServer,
  temporaryFolder,
  type ServerProcess,
} from '../acceptance/support/server-process.js';
import { StageClient, type FileRow } from '../acceptance/support/stage-client.js';
import { clientOf, describeWithMinio } from '../acceptance/support/test-minio.js';
import { inByteOrder, nestedNames } from './support/nested-names.js';
import { report } from './support/report.js';
import { BUCKET, diskStore, s3Store } from './support/stores.js';

const COUNT = 20_000;
/** One that is smaller than a store's page, its size and one beside it, one that is larger, all at once, and more. */
const PAGE_SIZES = [97, 999, 1000, 1001, 7777, COUNT, COUNT + 1, 1_000_000];
const PUTS_AT_ONCE = 32;
const TIMEOUT_MS = 10 * 60_000;

const NAMES = nestedNames(COUNT);
const EXPECTED = inByteOrder(NAMES);

interface Page {
  readonly files: readonly FileRow[];
  readonly next_cursor: string | null;
}

let folder: string;
let server: ServerProcess;
let client: StageClient;

beforeAll(async () => {
  folder = await temporaryFolder();
  server = await startServer(join(folder, 'data'));
  client = new StageClient(server.url);
});

afterAll(async () => {
  await server.stop();
  await removeFolder(folder);
}, TIMEOUT_MS);

async function* pages(stage: string, limit: number): AsyncGenerator<readonly FileRow[]> {
  for (let cursor: string | null = ''; cursor !== null;) {
    const query = new URLSearchParams({ limit: String(limit), ...(cursor === '' ? {} : { cursor }) });
    const answer = await client.send(`/v1/stages/${stage}/files?${query.toString()}`);
    expect(answer.status).toBe(200);
    const page = (await answer.json()) as Page;
    yield page.files;
    cursor = page.next_cursor;
  }
}

/** Every page is full but the last, and together they are what was stored. */
async function expectComplete(stage: string, limit: number): Promise<void> {
  const start = performance.now();
  const lengths: number[] = [];
  const names: string[] = [];
  for await (const page of pages(stage, limit)) {
    lengths.push(page.length);
    names.push(...page.map(({ name }) => name));
  }
  expect(names).toEqual(EXPECTED);
  expect(lengths.slice(0, -1).every((length) => length === limit)).toBe(true);
  expect(lengths.at(-1)).toBe(COUNT - limit * (lengths.length - 1));
  const seconds = ((performance.now() - start) / 1000).toFixed(2);
  report(
    `${String(COUNT)} rows of ${stage.split('_')[0] ?? ''} in ${String(lengths.length)} pages: ${seconds} s`,
  );
}

async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const waiting = items.values();
  const worker = async (): Promise<void> => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: PUTS_AT_ONCE }, worker));
}

describe('twenty thousand files in nested directories', () => {
  it('are that many, and their byte order is neither that of UTF-16 nor that of a directory walk', () => {
    expect(new Set(NAMES).size).toBe(COUNT);
    expect([...NAMES].sort()).not.toEqual(EXPECTED);
    const byComponent = [...NAMES].sort((a, b) =>
      Buffer.compare(Buffer.from(a.replaceAll('/', '\0')), Buffer.from(b.replaceAll('/', '\0'))),
    );
    expect(byComponent).not.toEqual(EXPECTED);
  });

  describe('on disk', () => {
    let stage: string;

    beforeAll(async () => {
      ({ stage } = await diskStore(client, join(folder, 'data')));
      const root = join(folder, 'data', 'internal', 'stage', 'internal', stage);
      const paths = NAMES.map((name) => join(root, name));
      await inTurns([...new Set(paths.map((path) => dirname(path)))], (path) =>
        mkdir(path, { recursive: true }),
      );
      await inTurns(paths, (path) => writeFile(path, 'a'));
    }, TIMEOUT_MS);

    it.each(PAGE_SIZES)(
      'list completely, in byte order, by pages of %d',
      (limit) => expectComplete(stage, limit),
      TIMEOUT_MS,
    );
  });

  describeWithMinio('on MinIO', (minio) => {
    let stage: string;
    let s3: S3Client;

    beforeAll(async () => {
      s3 = clientOf(minio);
      const store = await s3Store(client, minio, s3);
      ({ stage } = store);
      const put = (name: string) =>
        s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: store.prefix + name, Body: 'a' }));
      await inTurns(NAMES, put);
    }, TIMEOUT_MS);

    afterAll(() => {
      s3.destroy();
    });

    it.each(PAGE_SIZES)(
      'list completely, in byte order, by pages of %d',
      (limit) => expectComplete(stage, limit),
      TIMEOUT_MS,
    );
  });
});
