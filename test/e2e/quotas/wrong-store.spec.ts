import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Rest } from '../people/rest.js';
import { Client } from '../support/client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

interface Quota {
  readonly used_bytes: number;
  readonly used_files: number;
}

let testApp: TestApp;
let client: Client;
let root: Rest;
let stages = 0;

beforeAll(async () => {
  testApp = await startTestApp();
  client = new Client(testApp);
  root = new Rest(testApp);
});

afterAll(() => testApp.close());

interface FilledStage {
  readonly name: string;
  readonly folder: string;
}

/** With the files `a` and `b`, eight bytes together. */
async function filledStage(): Promise<FilledStage> {
  const name = `filled_${String(++stages)}`;
  await root.get('POST /v1/stages', { name }, 201);
  for (const [file, content] of Object.entries({ a: '12345', b: '123' })) {
    const length = { 'content-length': String(content.length) };
    expect((await client.request(`PUT /v1/stages/${name}/files/${file}`, length, content)).status).toBe(201);
  }
  return { name, folder: join(testApp.dataDir, 'internal/stage/internal', name) };
}

async function facts({ name }: FilledStage): Promise<unknown> {
  return (await root.get<{ files: unknown }>(`GET /v1/stages/${name}/files`)).files;
}

function counted({ name }: FilledStage): Promise<Quota> {
  return root.get<Quota>(`GET /v1/stages/${name}/quota?fresh=true`);
}

function limit({ name }: FilledStage): Promise<Quota> {
  return root.get<Quota>(`PUT /v1/stages/${name}/quota`, { max_bytes: 100 });
}

/** Both of its files. */
const BOTH: Quota = { used_bytes: 8, used_files: 2 };

describe('a stage whose files are all gone from the store, as from a disk that is not mounted', () => {
  it.each([
    ['the first quota', limit],
    ['a new count', counted],
  ])('keeps its records at %s: they count, and are there when the files are', async (what, count) => {
    const stage = await filledStage();
    const before = await facts(stage);
    if (what === 'a new count') await limit(stage);
    await rename(stage.folder, `${stage.folder}.away`);
    expect(await count(stage)).toMatchObject(BOTH);
    await rename(`${stage.folder}.away`, stage.folder);
    expect(await facts(stage)).toEqual(before);
    expect(testApp.logs()).toContain('files on record are not in their stage');
  });

  it('keeps them where other files have their names: it is another store', async () => {
    const stage = await filledStage();
    const before = await facts(stage);
    await rename(stage.folder, `${stage.folder}.away`);
    await mkdir(stage.folder);
    await writeFile(join(stage.folder, 'a'), 'of another bucket');
    expect(await limit(stage)).toMatchObject({ used_files: 2 });
    await rm(stage.folder, { recursive: true });
    await rename(`${stage.folder}.away`, stage.folder);
    expect(await facts(stage)).toEqual(before);
  });

  it('keeps what it has counted of files from outside, too', async () => {
    const stage = await filledStage();
    await writeFile(join(stage.folder, 'outside'), '12');
    expect(await limit(stage)).toMatchObject({ used_bytes: 10, used_files: 3 });
    await rename(stage.folder, `${stage.folder}.away`);
    expect(await counted(stage)).toMatchObject({ used_bytes: 10, used_files: 3 });
  });

  it('forgets them when a file that came in later shows that it is the right store', async () => {
    const stage = await filledStage();
    await limit(stage);
    await rm(stage.folder, { recursive: true });
    expect(await counted(stage)).toMatchObject(BOTH);
    await client.request(`PUT /v1/stages/${stage.name}/files/c`, { 'content-length': '1' }, '1');
    expect(await counted(stage)).toMatchObject({ used_bytes: 1, used_files: 1 });
  });
});
