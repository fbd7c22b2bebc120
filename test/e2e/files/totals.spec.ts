import type { SqlStatement } from '../../../src/database/sql.js';
import { SqlDatabase } from '../../../src/database/sql-database.js';
import { FileMetadataRepository } from '../../../src/file-metadata/file-metadata.repository.js';
import { KnownTotals } from '../../../src/file-metadata/known-totals.repository.js';
import { newPerson, Rest } from '../people/rest.js';
import { Client } from '../support/client.js';
import { expectError } from '../support/expectations.js';
import { onEachStore } from '../support/stores.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

interface Totals {
  readonly files: number;
  readonly bytes: number;
  readonly as_of: string;
  readonly fresh: boolean;
}

async function totals(client: Client, stage: string, query = ''): Promise<Totals> {
  const answer = await client.send(`/v1/stages/${stage}/totals${query}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Totals;
}

async function put(client: Client, stage: string, name: string, body: string): Promise<void> {
  const answer = await client.send(`/v1/stages/${stage}/files/${name}`, { method: 'PUT', body });
  expect(answer.status).toBeLessThan(300);
}

onEachStore('the totals of a stage', (scene) => {
  const count = (query = ''): Promise<Totals> => totals(scene().client, scene().store.stage, query);
  const make = (name: string, body: string): Promise<void> =>
    put(scene().client, scene().store.stage, name, body);

  it('are number and bytes of the files that came in, with the time', async () => {
    expect(await count()).toMatchObject({ files: 0, bytes: 0, fresh: false });
    await make('a', '1');
    await make('dir/b', '22');
    await make('dir/c', '');
    const counted = await count();
    expect(counted).toMatchObject({ files: 3, bytes: 3, fresh: false });
    expect(Math.abs(Date.now() - Date.parse(counted.as_of))).toBeLessThan(60_000);
    expect(await count('?fresh=true')).toMatchObject({ files: 3, bytes: 3, fresh: true });
  });

  it('are those of names that begin with the prefix', async () => {
    for (const name of ['a', 'ab', 'ab/c', 'b']) await make(name === 'ab' ? 'ab-' : name, 'xx');
    for (const fresh of ['', '&fresh=true']) {
      expect(await count(`?prefix=ab${fresh}`)).toMatchObject({ files: 2, bytes: 4 });
      expect(await count(`?prefix=b${fresh}`)).toMatchObject({ files: 1, bytes: 2 });
      expect(await count(`?prefix=c${fresh}`)).toMatchObject({ files: 0, bytes: 0 });
    }
  });

  it('count a replaced file once, and a removed or moved one no more', async () => {
    await make('a', 'first');
    await make('a', 'second!');
    await make('b', 'x');
    expect(await count()).toMatchObject({ files: 2, bytes: 8 });
    await scene().client.send(`/v1/stages/${scene().store.stage}/files/b`, { method: 'DELETE' });
    expect(await count()).toMatchObject({ files: 1, bytes: 7 });
    const moved = await scene().client.postJson(`/v1/stages/${scene().store.stage}/move`, {
      from: 'a',
      to: 'c',
    });
    expect(moved.status).toBe(201);
    expect(await count()).toMatchObject({ files: 1, bytes: 7 });
  });

  it('know nothing of what others have put there or removed, unless they are counted anew', async () => {
    await make('mine', '1');
    await scene().store.put('theirs', '22');
    expect(await count()).toMatchObject({ files: 1, bytes: 1 });
    expect(await count('?fresh=true')).toMatchObject({ files: 2, bytes: 3 });
    await scene().store.remove('mine');
    expect(await count()).toMatchObject({ files: 1, bytes: 1 });
    expect(await count('?fresh=true')).toMatchObject({ files: 1, bytes: 2 });
  });
});

describe('the totals of a stage', () => {
  let testApp: TestApp;
  let client: Client;

  beforeAll(async () => {
    testApp = await startTestApp();
    client = new Client(testApp);
  });

  afterAll(() => testApp.close());

  it('are added up over more records than are read at once', async () => {
    const records = testApp.app.get(FileMetadataRepository);
    const record = (number: number): SqlStatement =>
      records.recordStatement({
        store: 's',
        objectKey: `p/${String(number >> 1).padStart(6, '0')}`, // two records for each key
        size: number,
        etag: `"${String(number % 2)}"`,
        md5: null,
        contentType: null,
        creator: 'c',
        uploadId: '',
      });
    await testApp.app.get(SqlDatabase).write(Array.from({ length: 20_002 }, (_, number) => record(number)));
    const { files, bytes } = await testApp.app.get(KnownTotals).below('s', 'p/');
    expect(files).toBe(10_001);
    expect(bytes).toBeGreaterThan(10_001 * 10_000);
  });

  it('of an API token are those below its prefix', async () => {
    const root = new Rest(testApp);
    await root.get('POST /v1/stages', { name: 'landing' }, 201);
    const ann = await newPerson(testApp, 'ann');
    await root.done('PUT /v1/stages/landing/grants/users/ann', { privileges: ['READ'] });
    for (const name of ['mine/a', 'mine/b', 'theirs']) await put(client, 'landing', name, 'x');
    const scope = { prefix: 'mine/', privileges: ['READ'] };
    const { token } = await ann.get<{ token: string }>('POST /v1/tokens', { name: 't', scope }, 201);
    const scoped = new Client(testApp, `Bearer ${token}`);
    const counts = { '': 2, mi: 2, 'mine/a': 1, theirs: 0 };
    for (const [prefix, files] of Object.entries(counts)) {
      for (const fresh of ['true', 'false'])
        expect(await totals(scoped, 'landing', `?fresh=${fresh}&prefix=${prefix}`)).toMatchObject({ files });
    }
  });

  it.each([
    ['fresh=yes', /fresh/],
    ['depth=1', /depth/],
    ['prefix=../x', /'\.\.'/],
  ])('with %s are 400', async (query, message) => {
    const answer = await client.send(`/v1/stages/~/totals?${query}`);
    await expectError(answer, { status: 400, code: 1006, message });
  });
});
