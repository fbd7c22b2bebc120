import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { adminCommand } from '../support/admin-command.js';
import { md5Of } from '../support/busy-stage.js';
import { QueryClient } from '../support/query-client.js';
import { removeFolder, startServer, temporaryFolder, type ServerProcess } from '../support/server-process.js';
import { FIXTURES_FOLDER, readBooks, StageClient } from '../support/stage-client.js';

const FIRST_BUILD = join(FIXTURES_FOLDER, 'first-build');
const PASSWORD = 'of the first build';
const CREATOR = "'root'@'%'";
const TITLES = 'title\nTransaction Processing\n';

/** A file as the first build has left it: the time, in seconds, is part of what it is known by, to the microsecond. */
interface OldFile {
  readonly stage: string;
  readonly name: string;
  readonly path: string;
  readonly content: Buffer;
  readonly modifiedAt: number;
}

let folder: string;
let files: readonly OldFile[];

beforeAll(async () => {
  folder = await temporaryFolder();
  const books = await readBooks();
  files = [
    {
      stage: '~',
      name: 'books.parquet',
      path: 'stage/user/root/books.parquet',
      content: books,
      modifiedAt: 1_796_103_584.852_204_5,
    },
    {
      stage: 'books',
      name: '2026/november/books.parquet',
      path: 'stage/internal/books/2026/november/books.parquet',
      content: books,
      modifiedAt: 1_796_103_584.872_263_5,
    },
    {
      stage: 'books',
      name: 'titles of bücher.csv',
      path: 'stage/internal/books/titles of bücher.csv',
      content: Buffer.from(TITLES),
      modifiedAt: 1_796_103_584.887_834_5,
    },
  ];
});

afterAll(() => removeFolder(folder));

/** The data folder as the first build has left it. */
async function dataOfFirstBuild(name: string): Promise<string> {
  const data = join(folder, name);
  await mkdir(join(data, 'internal/.stagedoor-unfinished'), { recursive: true, mode: 0o700 });
  const key = await readFile(join(FIRST_BUILD, 'connection.key.txt'));
  await writeFile(join(data, 'connection.key'), key, { mode: 0o600 });
  for (const { path, content, modifiedAt } of files) {
    const whole = join(data, 'internal', path);
    await mkdir(dirname(whole), { recursive: true });
    await writeFile(whole, content);
    await utimes(whole, modifiedAt, modifiedAt);
  }
  const sql = await readFile(join(FIRST_BUILD, 'stagedoor.sql'), 'utf8');
  const database = new Database(join(data, 'stagedoor.db'));
  database.exec(sql.replaceAll('{{DATA_DIR}}', data));
  database.close();
  return data;
}

async function expectAllOfFirstBuild(url: string): Promise<void> {
  const client = new StageClient(url, PASSWORD);
  for (const { stage, name, content } of files) {
    const row = (await client.listFiles(stage)).find((file) => file.name === name);
    expect(row).toMatchObject({ size: content.length, md5: md5Of(content), creator: CREATOR });
    expect((await client.download(stage, encodeURIComponent(name))).equals(content)).toBe(true);
  }
  expect(await (await client.send('/v1/stages/books')).json()).toMatchObject({
    comment: 'of the first build',
    creator: CREATOR,
    created_on: '2026-12-01T05:39:44.804Z',
  });
  // Its connection is encrypted with the key of that time.
  expect(await (await client.send('/v1/stages/shelf')).json()).toMatchObject({
    url: 's3://databend/shelf/',
    endpoint: 'http://127.0.0.1:9',
    storage_params: { access_key_id: 'ke***ld', secret_access_key: 'se***ld' },
  });
  const sql = new QueryClient(url, `Basic ${Buffer.from(`root:${PASSWORD}`).toString('base64')}`);
  expect((await sql.rows('SHOW CONNECTIONS')).map(([name]) => name)).toEqual(['store']);
}

describe('a data folder of the first build', () => {
  let data: string;
  let server: ServerProcess;

  beforeAll(async () => {
    data = await dataOfFirstBuild('data');
    server = await startServer(data);
  });

  afterAll(() => server.stop());

  it('is all there under this one: stages, connections, files with md5 and creator, the password', async () => {
    await expectAllOfFirstBuild(server.url);
    expect((await new StageClient(server.url, 'another').send('/v1/stages')).status).toBe(401);
  });

  it('takes uploads beside what was there, and the next start finds both', async () => {
    const put = { method: 'PUT', body: 'new' };
    const answer = await new StageClient(server.url, PASSWORD).send('/v1/stages/books/files/new.txt', put);
    expect(answer.status).toBe(201);
    expect(await server.stop()).toBe(0);
    server = await startServer(data);
    await expectAllOfFirstBuild(server.url);
    const found = await new StageClient(server.url, PASSWORD).listFiles('books');
    expect(found).toContainEqual(expect.objectContaining({ name: 'new.txt', md5: md5Of('new') }));
  });
});

it('a backup that this build makes of it is restored with all of it', async () => {
  const data = await dataOfFirstBuild('old');
  const upgraded = await startServer(data);
  const [backup, target] = [join(folder, 'backup'), join(folder, 'restored')];
  expect(await adminCommand({ DATA_DIR: data }, 'backup', backup)).toMatchObject({ code: 0 });
  expect(await upgraded.stop()).toBe(0);
  expect(await adminCommand({ DATA_DIR: target }, 'restore', backup)).toMatchObject({ code: 0 });
  const restored = await startServer(target);
  await expectAllOfFirstBuild(restored.url);
  await restored.stop();
});
