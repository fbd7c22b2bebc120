import { randomBytes } from 'node:crypto';
import { Client, type FilePage } from '../support/client.js';
import { expectError } from '../support/expectations.js';
import { ODD_STAGE, onOddStore } from '../support/odd-store.js';
import { newPerson, Rest } from '../people/rest.js';
import { onEachStore } from '../support/stores.js';
import { removeFolder, startTestApp, temporaryFolder, type TestApp } from '../support/test-app.js';
import { newDatabaseUrl } from '../../support/test-database.js';

const NAMES = ['a/1', 'a/2', 'a/b/3', 'a/b/4', 'b', 'c/5', 'c/6', 'd', 'e', 'f/7'];
const AGAIN = /Leave the cursor out to list from the beginning\.$/;

interface FolderPage extends FilePage {
  readonly prefixes?: readonly string[];
}

/** All entries, page by page, files and common prefixes in the order of their pages. */
async function walked(clients: readonly Client[], stage: string, query: string): Promise<string[]> {
  const names: string[] = [];
  let cursor: string | null = '';
  for (let index = 0; cursor !== null; index++) {
    const client = clients[index % clients.length];
    if (client === undefined) throw new RangeError('There is no client.');
    const page: FolderPage = await client.page(stage, `?${query}${cursor === '' ? '' : `&cursor=${cursor}`}`);
    names.push(...[...page.files.map(({ name }) => name), ...(page.prefixes ?? [])].sort());
    cursor = page.next_cursor;
  }
  return names;
}

onEachStore('pages of a listing', (scene) => {
  beforeEach(async () => {
    for (const name of NAMES) await scene().store.put(name, name);
  });

  it.each(['limit=1', 'limit=3', 'limit=4', 'limit=10', 'limit=1000', 'limit=1001'])(
    'of %s are together the whole of it',
    async (query) => {
      const { client, store } = scene();
      expect(await walked([client], store.stage, query)).toEqual(NAMES);
      expect(await walked([client], store.stage, `${query}&prefix=a/`)).toEqual(NAMES.slice(0, 4));
      expect(await walked([client], store.stage, `${query}&pattern=.*[2-6]`)).toEqual([
        'a/2',
        'a/b/3',
        'a/b/4',
        'c/5',
        'c/6',
      ]);
    },
  );

  it('may have another limit each', async () => {
    const { client, store } = scene();
    const first = await client.page(store.stage, '?limit=1');
    const second = await client.page(store.stage, `?limit=5&cursor=${String(first.next_cursor)}`);
    expect(second.files.map(({ name }) => name)).toEqual(NAMES.slice(1, 6));
  });

  it('come again by the cursor that has been used', async () => {
    const { client, store } = scene();
    const { next_cursor: cursor } = await client.page(store.stage, '?limit=4');
    const again = (): Promise<string[]> => client.names(store.stage, `?limit=4&cursor=${String(cursor)}`);
    expect([await again(), await again()]).toEqual([NAMES.slice(4, 8), NAMES.slice(4, 8)]);
  });

  it('go on where the last file of a page is gone, and show what has come behind it', async () => {
    const { client, store } = scene();
    const { next_cursor: cursor } = await client.page(store.stage, '?limit=5');
    await store.remove('b');
    await store.put('f/8', 'new');
    // As on another server: the kept scan has other parameters.
    const rest = await client.names(store.stage, `?limit=50&cursor=${String(cursor)}`);
    expect(rest).toEqual([...NAMES.slice(5), 'f/8']);
  });
});

describe('pages of two servers', () => {
  it('go on from each other, files and folders alike', async () => {
    const folder = await temporaryFolder();
    const shared = {
      CONNECTION_KEY: randomBytes(32).toString('base64'),
      DATABASE_URL: await newDatabaseUrl(),
      INTERNAL_STORAGE_URL: `fs://${folder}/internal/`,
    };
    const apps: TestApp[] = [await startTestApp(shared), await startTestApp(shared)];
    const clients = apps.map((app) => new Client(app));
    await clients[0]?.createStage({ name: 'common' });
    for (const name of NAMES)
      await clients[0]?.send(`/v1/stages/common/files/${name}`, { method: 'PUT', body: name });
    expect(await walked(clients, 'common', 'limit=3')).toEqual(NAMES);
    expect(await walked(clients, 'common', 'limit=2&delimiter=/')).toEqual(['a/', 'b', 'c/', 'd', 'e', 'f/']);
    for (const app of apps) await app.close();
    await removeFolder(folder);
  });
});

describe('pages of a store that gives tokens', () => {
  onOddStore((scene) => {
    beforeEach(() => {
      for (let index = 0; index < 95; index++)
        scene().s3.store.put(`f${String(index).padStart(2, '0')}`, '1');
    });

    it.each(['', '&delimiter=/'])('cost one request each, which goes on by the token%s', async (query) => {
      const { s3, client } = scene();
      await walked([client], ODD_STAGE, `limit=10${query}`);
      const requests = s3.journal.of('ListObjectsV2').map((request) => request.query);
      expect(requests).toHaveLength(10);
      expect(requests.map((each) => each['max-keys'])).toEqual(Array.from({ length: 10 }, () => '10'));
      expect(requests.slice(1).every((each) => each['continuation-token'] !== undefined)).toBe(true);
      expect(requests.some((each) => each['start-after'] !== undefined)).toBe(false);
    });

    it('go on by the token on a server that has not kept them open', async () => {
      const { s3, client } = scene();
      const { next_cursor: cursor } = await client.page(ODD_STAGE, '?limit=20');
      await client.page(ODD_STAGE, `?limit=20&cursor=${String(cursor)}`); // takes the kept one
      s3.journal.clear();
      expect(await client.names(ODD_STAGE, `?limit=20&cursor=${String(cursor)}`)).toHaveLength(20);
      expect(s3.journal.of('ListObjectsV2').map(({ query }) => query['continuation-token'])).toEqual([
        expect.any(String),
      ]);
    });

    it('go on by the name where the store has forgotten the token', async () => {
      const { s3, client } = scene();
      const { next_cursor: cursor } = await client.page(ODD_STAGE, '?limit=20');
      await client.page(ODD_STAGE, `?limit=20&cursor=${String(cursor)}`);
      s3.quirks.continuationTokens = 'forgotten';
      const names = await client.names(ODD_STAGE, `?limit=20&cursor=${String(cursor)}`);
      expect([names[0], names.length]).toEqual(['f20', 20]);
    });
  });
});

describe('a cursor', () => {
  let testApp: TestApp;
  let client: Client;
  let ann: Rest;

  beforeAll(async () => {
    testApp = await startTestApp();
    client = new Client(testApp);
    ann = await newPerson(testApp, 'ann');
    for (const name of ['one', 'two']) {
      await client.createStage({ name });
      for (const file of ['a', 'b', 'c/d'])
        await client.send(`/v1/stages/${name}/files/${file}`, { method: 'PUT', body: file });
    }
    await new Rest(testApp).done('PUT /v1/stages/one/grants/users/ann', { privileges: ['READ'] });
  });

  afterAll(() => testApp.close());

  const cursorOf = async (query: string): Promise<string> =>
    String((await client.page('one', `?limit=1${query}`)).next_cursor);

  it.each<[string, string, string, RegExp]>([
    ['with another prefix', '', 'prefix=a', /other parameters/],
    ['with another pattern', '&pattern=.*', 'pattern=.', /other parameters/],
    ['with a delimiter', '', 'delimiter=/', /other parameters/],
    ['without its delimiter', '&delimiter=/', '', /other parameters/],
  ])('%s is refused', async (_what, made, used, message) => {
    const answer = await client.send(`/v1/stages/one/files?${used}&cursor=${await cursorOf(made)}`);
    const { error } = await expectError(answer, { status: 400, code: 1006, kind: 'InvalidCursor', message });
    expect(error.message).toMatch(AGAIN);
  });

  it('of another stage is refused', async () => {
    const answer = await client.send(`/v1/stages/two/files?cursor=${await cursorOf('')}`);
    await expectError(answer, { status: 400, code: 1006, kind: 'InvalidCursor', message: /another stage/ });
  });

  it('of another user is refused', async () => {
    const answer = await ann.client.send(`/v1/stages/one/files?cursor=${await cursorOf('')}`);
    await expectError(answer, { status: 400, code: 1006, kind: 'InvalidCursor', message: /another user/ });
  });

  it('of a stage that was replaced is refused', async () => {
    await client.createStage({ name: 'brief' });
    for (const file of ['a', 'b'])
      await client.send(`/v1/stages/brief/files/${file}`, { method: 'PUT', body: file });
    const { next_cursor: cursor } = await client.page('brief', '?limit=1');
    await client.createStage({ name: 'brief', or_replace: true });
    const answer = await client.send(`/v1/stages/brief/files?cursor=${String(cursor)}`);
    await expectError(answer, { status: 400, code: 1006, kind: 'InvalidCursor', message: /another stage/ });
  });

  it.each([
    ['of an earlier version', Buffer.from('{"after":"a"}').toString('base64url')],
    ['of no server', 'v2.00000000.AAAA'],
  ])('%s is refused', async (_what, cursor) => {
    const answer = await client.send(`/v1/stages/one/files?cursor=${cursor}`);
    const message = /earlier version.*Leave the cursor out/;
    await expectError(answer, { status: 400, code: 1006, kind: 'InvalidCursor', message });
  });

  it('lets nobody read on who may not read any more', async () => {
    const { next_cursor: cursor } = await ann.client.page('one', '?limit=1');
    await new Rest(testApp).done('DELETE /v1/stages/one/grants/users/ann');
    const answer = await ann.client.send(`/v1/stages/one/files?limit=1&cursor=${String(cursor)}`);
    await expectError(answer, { status: 404, code: 2501, message: /does not exist/ });
  });
});
