import { request } from 'node:http';
import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describeWithMounts, Mounts } from '../support/mounts.js';
import { removeFolder, startServer, temporaryFolder, type ServerProcess } from './support/server-process.js';
import { BOOKS, expectBooksIn, StageClient } from './support/stage-client.js';

const TEMPORARY = '.stagedoor-unfinished';

let folder: string;
let server: ServerProcess | undefined;
let umask: number;
let mounts: Mounts;

beforeEach(async () => {
  folder = await temporaryFolder();
  umask = process.umask(0o022);
  mounts = new Mounts();
});

afterEach(async () => {
  process.umask(umask);
  await server?.stop();
  server = undefined;
  mounts.close();
  await removeFolder(folder);
});

/** Every path below a folder and the folder itself, with its mode. */
function modesBelow(path: string): readonly (readonly [path: string, mode: string])[] {
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).sort();
  return ['.', ...names].map((name) => {
    const stats = lstatSync(join(path, name));
    return [name, `${stats.isDirectory() ? 'd' : '-'}${(stats.mode & 0o777).toString(8)}`];
  });
}

function open(path: string): readonly string[] {
  const found = modesBelow(path).filter(([, mode]) => mode !== 'd700' && mode !== '-600');
  return found.map(([name, mode]) => `${mode} ${name}`);
}

async function started(settings: Record<string, string> = {}): Promise<StageClient> {
  server = await startServer(join(folder, 'data'), settings);
  return new StageClient(server.url);
}

describe('only the user of the server reads what it keeps', () => {
  it('below DATA_DIR, with any umask; in an external stage the umask decides', async () => {
    process.umask(0o002);
    const client = await started({ FS_STAGE_ROOTS: join(folder, 'exports') });
    await client.createStage({ name: 'ext', url: `fs://${join(folder, 'exports/ext')}/` });
    await client.createStage({ name: 'books' });
    for (const stage of ['ext', 'books']) expect((await client.uploadBooks(stage)).status).toBe(200);
    const kept = modesBelow(join(folder, 'data')).map(([name]) => name);
    expect(kept).toEqual(
      expect.arrayContaining([
        'connection.key',
        `internal/stage/internal/books/${BOOKS}`,
        'stagedoor.db',
        'stagedoor.db-shm',
        'stagedoor.db-wal',
      ]),
    );
    expect(open(join(folder, 'data'))).toEqual([]);
    expect(modesBelow(join(folder, 'exports/ext'))).toEqual([
      ['.', 'd775'],
      [TEMPORARY, 'd775'],
      [BOOKS, '-664'],
    ]);
  });

  it('also where an older build has left it readable for all, and what is there stays as it is', async () => {
    const client = await started();
    await client.createStage({ name: 'books' });
    await client.uploadBooks('books');
    server?.signal('SIGKILL'); // which leaves the database's log
    await server?.exited();
    const data = join(folder, 'data');
    for (const [name, mode] of modesBelow(data))
      chmodSync(join(data, name), mode.startsWith('d') ? 0o755 : 0o644);
    expect(open(data).length).toBeGreaterThan(8);
    await expectBooksIn(await started(), 'books');
    expect(open(data)).toEqual([]);
  });

  it('and where settings say that it lies, but not in a folder that others share', async () => {
    process.umask(0);
    mkdirSync(join(folder, 'shared'));
    chmodSync(join(folder, 'shared'), 0o755);
    writeFileSync(join(folder, 'shared/of-another'), '');
    const client = await started({
      DATABASE_URL: `sqlite:${join(folder, 'shared/stage.db')}`,
      INTERNAL_STORAGE_URL: `fs://${join(folder, 'shared/files')}/`,
    });
    await client.createStage({ name: 'books' });
    expect((await client.uploadBooks('books')).status).toBe(200);
    expect(open(join(folder, 'shared'))).toEqual(['d755 .', '-666 of-another']);
  });
});

function temporaryFiles(directory: string): readonly string[] {
  const own = join(directory, TEMPORARY);
  return existsSync(own) ? readdirSync(own) : [];
}

/** Sends the first half of a body, and waits for the rest. */
function uploadHalf(url: string): void {
  const headers = { 'content-length': '2000000', authorization: `Basic ${btoa('root:')}` };
  const half = request(url, { method: 'PUT', headers });
  half.on('error', () => undefined); // the server is killed
  half.write(Buffer.alloc(1_000_000));
}

describeWithMounts('a server that dies in an upload to what is mounted below a stage', () => {
  it('leaves nothing that is seen, and the next start sweeps it', async () => {
    const mounted = join(folder, 'exports/ext/mnt');
    mkdirSync(mounted, { recursive: true });
    mounts.tmpfs(mounted);
    const client = await started({ FS_STAGE_ROOTS: join(folder, 'exports') });
    await client.createStage({ name: 'ext', url: `fs://${join(folder, 'exports/ext')}/` });
    uploadHalf(`${String(server?.url)}/v1/stages/ext/files/mnt/dir/a.csv`);
    for (let tries = 0; tries < 500 && temporaryFiles(mounted).length === 0; tries++) await delay(20);
    server?.signal('SIGKILL');
    await server?.exited();
    expect(temporaryFiles(mounted)).toHaveLength(1);
    const next = await started({ FS_STAGE_ROOTS: join(folder, 'exports') });
    expect(readdirSync(mounted)).toEqual([]);
    expect(await next.listFiles('ext')).toEqual([]);
  });
});
