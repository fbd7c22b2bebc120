import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, open, rm, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

import {
  removeFolder,
  startServer,
  temporaryFolder,
  type ServerProcess,
} from '../acceptance/support/server-process.js';
import { StageClient } from '../acceptance/support/stage-client.js';
import { eventually } from './support/eventually.js';
import { LARGE_BYTES, makeLargeFile } from './support/large-file.js';
import { peakRss } from './support/process-facts.js';
import { report } from './support/report.js';
import { diskStore } from './support/stores.js';

const run = promisify(execFile);
const COUNT = 10_000;
/** One file is as large as all others together. */
const LARGE = '0-large.bin';
const SMALL_BYTES = Math.floor(LARGE_BYTES / (COUNT - 1));
const MAX_RSS = 250 * 1000 ** 2;
const TIMEOUT_MS = 20 * 60_000;
const COUNTED_BY_PYTHON = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    print(len(archive.infolist()), sum(info.file_size for info in archive.infolist()))
`;

let folder: string;
let server: ServerProcess;
let stage: string;
let root: string;
let archive: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  archive = join(folder, 'archive.zip');
  server = await startServer(join(folder, 'data'));
  ({ stage } = await diskStore(new StageClient(server.url), join(folder, 'data')));
  root = join(folder, 'data/internal/stage/internal', stage);
  await makeFiles();
}, TIMEOUT_MS);

afterAll(async () => {
  await server.stop();
  await removeFolder(folder);
}, TIMEOUT_MS);

/** Sparse files, each with bytes of its own at its beginning. */
async function makeFiles(): Promise<void> {
  await mkdir(root, { recursive: true });
  await makeLargeFile(join(root, LARGE), LARGE_BYTES);
  for (let i = 1; i < COUNT; i++) {
    const directory = join(root, String(i % 100));
    if (i <= 100) await mkdir(directory, { recursive: true });
    const file = await open(join(directory, `${String(i)}.bin`), 'wx');
    await file.write(randomBytes(64));
    await file.truncate(SMALL_BYTES);
    await file.close();
  }
}

async function download(...options: readonly string[]): Promise<void> {
  const url = `${server.url}/v1/stages/${stage}/zip`;
  await run('curl', ['--disable', '-sS', '--fail', '-u', 'root:', ...options, '-o', archive, url]);
}

async function bytesOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0, // it is not there yet
  );
}

describe('an archive of ten thousand files', () => {
  it(
    'is whole by two programs, and made in bounded memory',
    async () => {
      const start = performance.now();
      await download();
      const seconds = (performance.now() - start) / 1000;
      const rss = await peakRss(server.pid);
      const mib = (await stat(archive)).size / 1024 ** 2;
      report(
        `${mib.toFixed(0)} MiB as ZIP: ${seconds.toFixed(1)} s, ${(mib / seconds).toFixed(0)} MiB/s, ` +
          `peak RSS ${(rss / 1000 ** 2).toFixed(1)} MB`,
      );
      expect(rss).toBeLessThan(MAX_RSS);
      await run('unzip', ['-tq', archive]);
      const { stdout } = await run('python3', ['-c', COUNTED_BY_PYTHON, archive]);
      expect(stdout.trim()).toBe(`${String(COUNT)} ${String(LARGE_BYTES + (COUNT - 1) * SMALL_BYTES)}`);
      await rm(archive);
    },
    TIMEOUT_MS,
  );

  it(
    'is seen to be cut off where a file becomes shorter on the way',
    async () => {
      const cut = expect(download('--limit-rate', '200M')).rejects.toMatchObject({ code: 18 });
      await eventually(async () => (await bytesOf(archive)) > LARGE_BYTES / 4, true);
      await truncate(join(root, LARGE), LARGE_BYTES / 2);
      await cut;
      await expect(run('unzip', ['-tq', archive])).rejects.toThrow();
    },
    TIMEOUT_MS,
  );
});
