import { existsSync } from 'node:fs';
import { cp, mkdir, open, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DATABASE_KIND } from '../../support/test-database.js';
import { command } from '../support/admin-command.js';
import { Client } from '../support/client.js';
import { removeFolder, startTestApp, temporaryFolder, type TestApp } from '../support/test-app.js';

const FILE = 'internal/stage/internal/s/file.txt';
const CONTENT = 'the content of a file';
/** Where no server has ever started. An empty database of PostgreSQL is there, and has no tables. */
const NOT_SERVED =
  DATABASE_KIND === 'sqlite'
    ? /^There is no database at .+ DATA_DIR\.$/
    : /^The database postgres:\/\/.+ is that of an older version\. .+ or start this one first\.$/;

let folder: string;
let backup: string;
let server: TestApp;
let data: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  backup = join(folder, 'backup');
  server = await startTestApp();
  data = server.dataDir;
  const client = new Client(server);
  await client.createStage({ name: 's' });
  for (const name of ['file.txt', 'other.txt']) {
    await client.send(`/v1/stages/s/files/${name}`, { method: 'PUT', body: CONTENT });
  }
  expect(await command({ DATA_DIR: data }, 'backup', backup)).toMatchObject({ code: 0 });
});

afterAll(async () => {
  await server.close();
  await removeFolder(folder);
});

async function flip(path: string, offset: number): Promise<void> {
  const byte = (await readFile(path))[offset] ?? 0;
  const handle = await open(path, 'r+');
  await handle.write(Buffer.of(byte ^ 0x20), 0, 1, offset);
  await handle.close();
}

const damages: [what: string, damage: (copy: string) => Promise<void>, says: RegExp][] = [
  [
    'of which a file was cut',
    (copy) => truncate(join(copy, FILE), 5),
    /damaged\. Nothing was restored:\n {2}- stage\/internal\/s\/file\.txt has 5 bytes instead of 21$/,
  ],
  [
    'of which two files have other bytes',
    async (copy) => {
      await flip(join(copy, FILE), 3);
      await flip(join(copy, FILE.replace('file.txt', 'other.txt')), 3);
    },
    /- stage\/internal\/s\/file\.txt has another content than was copied\n {2}- stage\/internal\/s\/other\.txt has/,
  ],
  [
    'of which a file is gone',
    (copy) => rm(join(copy, FILE)),
    /damaged\. Nothing was restored:\n {2}- stage\/internal\/s\/file\.txt is missing$/,
  ],
  [
    'whose database has another byte',
    (copy) => flip(join(copy, 'stagedoor.db'), 5000),
    /- stagedoor\.db has another content than was copied/,
  ],
  ['whose key is gone', (copy) => rm(join(copy, 'connection.key')), /- connection\.key is missing/],
  ['without a manifest', (copy) => rm(join(copy, 'manifest.jsonl')), /manifest\.jsonl is missing/],
  [
    'whose manifest was cut',
    async (copy) => {
      const path = join(copy, 'manifest.jsonl');
      await writeFile(path, (await readFile(path, 'utf8')).split('\n').slice(0, 3).join('\n'));
    },
    /manifest\.jsonl is not whole/,
  ],
  [
    'whose manifest was changed',
    async (copy) => {
      const path = join(copy, 'manifest.jsonl');
      await writeFile(path, (await readFile(path, 'utf8')).replace('file.txt', 'fild.txt'));
    },
    /manifest\.jsonl is not whole/,
  ],
  [
    'that was cut off while it was made',
    (copy) => rename(join(copy, 'manifest.jsonl'), join(copy, 'manifest.jsonl.unfinished')),
    /is unfinished: it was cut off/,
  ],
];

describe('a backup is not restored', () => {
  it.each(damages)('%s, and what is wrong is said', async (_what, damage, says) => {
    const copy = join(folder, `copy ${String(Math.random())}`);
    await cp(backup, copy, { recursive: true });
    await damage(copy);
    const target = join(copy, 'target');
    const outcome = await command({ DATA_DIR: target }, 'restore', copy);
    expect(outcome).toEqual({ code: 1, output: '', errors: expect.stringMatching(says) as string });
    expect(existsSync(target)).toBe(false);
  });

  it('over a server that runs, told or not, and the server goes on', async () => {
    for (const args of [[], ['--overwrite']]) {
      const outcome = await command({ DATA_DIR: data }, 'restore', backup, ...args);
      expect(outcome).toMatchObject({
        code: 1,
        errors: expect.stringMatching(/^A server has the database/) as string,
      });
    }
    expect((await fetch(`${server.url}/ready`)).status).toBe(200);
  });

  it('where the files were in another kind of store', async () => {
    const settings = {
      DATA_DIR: join(folder, 'other'),
      INTERNAL_STORAGE_URL: 's3://bucket/',
      INTERNAL_STORAGE_ACCESS_KEY_ID: 'a',
      INTERNAL_STORAGE_SECRET_ACCESS_KEY: 'b',
    };
    const outcome = await command(settings, 'restore', backup);
    expect(outcome).toMatchObject({ code: 1, errors: expect.stringMatching(/was fs:.+ is s3:/) as string });
  });
});

describe('a command', () => {
  it.each([
    [2, ['nonsense'], /^There is no command "nonsense"\.\n/],
    [2, ['backup'], /^Write: npm run admin -- backup <folder>$/],
    [2, ['backup', 'a', 'b'], /^Write: npm run admin -- backup <folder>$/],
    [2, ['restore', '--force', 'a'], /^Write: npm run admin -- restore <folder> \[--overwrite\]$/],
    [2, ['forget-connections', 'x'], /^Write: npm run admin -- forget-connections$/],
    [1, ['backup', 'anywhere'], NOT_SERVED],
    [1, ['restore', '/nowhere'], /^There is no backup at \/nowhere/],
  ])('ends with %d for %j, in words of its own', async (code, args, errors) => {
    const outcome = await command({ DATA_DIR: join(folder, 'nothing') }, ...args);
    expect(outcome).toEqual({ code, output: '', errors: expect.stringMatching(errors) as string });
  });

  it('says which settings are wrong', async () => {
    const outcome = await command({ DATA_DIR: folder, PORT: 'x' }, 'backup', join(folder, 'b'));
    expect(outcome).toMatchObject({ code: 1, errors: expect.stringMatching(/PORT must be/) as string });
  });

  it('helps without any settings', async () => {
    const outcome = await command({ PORT: 'x' }, 'help');
    expect(outcome).toMatchObject({ code: 0, errors: '' });
    for (const name of ['backup', 'restore', 'reindex', 'forget-connections']) {
      expect(outcome.output).toContain(name);
    }
  });

  it('backup overwrites nothing', async () => {
    const taken = join(folder, 'taken');
    await mkdir(taken);
    await writeFile(join(taken, 'something'), 'of somebody');
    const outcome = await command({ DATA_DIR: data }, 'backup', taken);
    expect(outcome).toMatchObject({ code: 1, errors: expect.stringMatching(/is not empty/) as string });
  });
});
