import { randomUUID } from 'node:crypto';
import { execFile } from 'node:child_process';
import { cp, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { adminCommand } from './support/admin-command.js';
import { BusyStage, filesIn, md5Of } from './support/busy-stage.js';
import {
  removeFolder,
  startServer,
  temporaryFolder,
  type Environment,
  type ServerProcess,
} from './support/server-process.js';
import { StageClient } from './support/stage-client.js';
import { clientOf, describeWithMinio, makeBucket } from './support/test-minio.js';

/** Acknowledged before the backup begins. */
const FILES = 16;
const ROOT = "'root'@'%'";

let folder: string;
let running: ServerProcess[];

beforeEach(async () => {
  folder = await temporaryFolder();
  running = [];
});

afterEach(async () => {
  await Promise.all(running.map((server) => server.stop()));
  await removeFolder(folder);
});

async function start(dataDir: string, settings: Environment): Promise<ServerProcess> {
  const server = await startServer(dataDir, settings);
  running.push(server);
  return server;
}

async function mode(path: string): Promise<number> {
  return (await stat(path)).mode & 0o777;
}

/** Backs up while files come, go and are replaced, restores elsewhere, and compares. */
async function expectNothingLost(settings: Environment): Promise<{ url: string; server: ServerProcess }> {
  const data = join(folder, 'data');
  const server = await start(data, settings);
  await new StageClient(server.url).createStage({ name: 's' });
  const stage = new BusyStage(server.url, 's');
  while (stage.acknowledged.size < FILES) await setTimeout(20);
  const before = new Map(stage.acknowledged);
  const backup = join(folder, 'backup');
  const made = await adminCommand({ DATA_DIR: data, ...settings }, 'backup', backup);
  await stage.stop();
  expect(made).toMatchObject({
    code: 0,
    errors: '',
    output: expect.stringMatching(/the backup is whole/) as string,
  });
  await server.stop();
  running = [];

  const restored = join(folder, 'restored');
  const outcome = await adminCommand({ DATA_DIR: restored, ...settings }, 'restore', backup);
  expect(outcome).toMatchObject({ code: 0, errors: '' });
  for (const made of [backup, restored]) {
    expect(await mode(made)).toBe(0o700);
    expect(await mode(join(made, 'connection.key'))).toBe(0o600);
    expect(await mode(join(made, 'stagedoor.db'))).toBe(0o600);
  }
  const copy = await start(restored, settings);
  const files = await filesIn(copy.url, 's');
  for (const [name, md5] of before) expect(files.get(name)).toMatchObject({ name, md5, creator: ROOT });
  return { url: copy.url, server: copy };
}

describe('a backup while uploads run', () => {
  it('has each acknowledged file with its md5 and creator, on disk, and what replaced one too', async () => {
    const { url } = await expectNothingLost({});
    const files = await filesIn(url, 's');
    const replaced = await new StageClient(url).download('s', 'replaced.txt');
    expect(files.get('replaced.txt')).toMatchObject({ md5: md5Of(replaced), creator: ROOT });
    // No file is of a moment at which it was not whole.
    for (const { name, md5 } of files.values()) {
      const content = await new StageClient(url).download('s', encodeURIComponent(name));
      if (md5 !== null) expect(md5Of(content)).toBe(md5);
    }
  }, 60_000);

  describeWithMinio('with the files in a bucket', (minio) => {
    it('has each acknowledged file with its md5 and creator', async () => {
      const bucket = `backup-${randomUUID()}`;
      const client = clientOf(minio);
      await makeBucket(client, bucket);
      client.destroy();
      await expectNothingLost({
        INTERNAL_STORAGE_URL: `s3://${bucket}/stagedoor/`,
        INTERNAL_STORAGE_ENDPOINT_URL: minio.endpoint,
        INTERNAL_STORAGE_ACCESS_KEY_ID: minio.accessKeyId,
        INTERNAL_STORAGE_SECRET_ACCESS_KEY: minio.secretAccessKey,
      });
    }, 60_000);
  });
});

const run = promisify(execFile);

describe('md5 and creator of files', () => {
  const CONTENT = 'the content of a file';
  let data: string;

  beforeEach(async () => {
    data = join(folder, 'data');
    const server = await start(data, {});
    const client = new StageClient(server.url);
    await client.createStage({ name: 's' });
    for (const name of ['same.txt', 'forged.txt']) {
      const put = await client.send(`/v1/stages/s/files/${name}`, { method: 'PUT', body: CONTENT });
      expect(put.status).toBe(201);
    }
    await server.stop();
    running = [];
  });

  it('stay when the data folder is moved', async () => {
    const moved = join(folder, 'moved');
    await rename(data, moved);
    const files = await filesIn((await start(moved, {})).url, 's');
    expect(files.get('same.txt')).toMatchObject({ md5: md5Of(CONTENT), creator: ROOT });
  }, 60_000);

  it.each([
    ['cp -a', ['cp', '-a', 'data', 'copied']],
    [
      'tar in its posix format',
      ['sh', '-c', 'mkdir copied && tar --format=posix -cf - -C data . | tar -xf - -C copied'],
    ],
  ])('stay in a copy by %s, which keeps size and time', async (_how, [program = '', ...args]) => {
    await run(program, args, { cwd: folder });
    const files = await filesIn((await start(join(folder, 'copied'), {})).url, 's');
    expect(files.get('same.txt')).toMatchObject({ md5: md5Of(CONTENT), creator: ROOT });
  });

  it('come back by reindex after a copy that keeps no times', async () => {
    const copied = join(folder, 'copied');
    await cp(data, copied, { recursive: true });
    const server = await start(copied, {});
    expect((await filesIn(server.url, 's')).get('same.txt')).toMatchObject({ md5: null, creator: null });
    const outcome = await adminCommand({ DATA_DIR: copied }, 'reindex', 's');
    expect(outcome).toMatchObject({ code: 0, output: expect.stringMatching(/2 have their md5/) as string });
    const files = await filesIn(server.url, 's');
    expect(files.get('same.txt')).toMatchObject({ md5: md5Of(CONTENT), creator: ROOT });
  }, 60_000);

  it('are taken by reindex from another content that has been given size and time', async () => {
    const copied = join(folder, 'copied');
    await run('cp', ['-a', 'data', 'copied'], { cwd: folder });
    const forged = join(copied, 'internal/stage/internal/s/forged.txt');
    await writeFile(forged, CONTENT.toUpperCase());
    await run('touch', ['-r', 'data/internal/stage/internal/s/forged.txt', forged], { cwd: folder });
    const server = await start(copied, {});
    const outcome = await adminCommand({ DATA_DIR: copied }, 'reindex', 's');
    expect(outcome).toEqual({
      code: 0,
      errors: '',
      output:
        '2 files: 0 were known, 1 have their md5 and creator again, 1 have another content than was recorded, of 0 nothing is recorded\n',
    });
    const files = await filesIn(server.url, 's');
    expect(files.get('same.txt')).toMatchObject({ md5: md5Of(CONTENT), creator: ROOT });
    expect(files.get('forged.txt')).toMatchObject({ md5: null, creator: null });
  }, 60_000);
});

describe('a command', () => {
  it.each([
    [2, ['nonsense'], /^There is no command "nonsense"\.\n/],
    [1, ['restore', '/nowhere'], /^There is no backup at \/nowhere/],
  ])('ends with %d for %j, and one sentence', async (code, args, errors) => {
    const outcome = await adminCommand({ DATA_DIR: join(folder, 'nothing') }, ...args);
    expect(outcome).toEqual({ code, output: '', errors: expect.stringMatching(errors) as string });
  });
});
