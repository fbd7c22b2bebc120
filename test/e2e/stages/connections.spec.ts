import { ConnectionCatalog, type NewConnection } from '../../../src/stages/connections/connection-catalog.js';
import { connectionView } from '../../../src/stages/connections/connection-view.js';
import { newDatabaseUrl } from '../../support/test-database.js';
import { ofKind } from '../../unit/of-kind.js';
import { administrator, plainUser } from '../../unit/principals.js';
import { Client } from '../support/client.js';
import { expectError } from '../support/expectations.js';
import { storedTexts } from '../support/stored-texts.js';
import { removeFolder, startTestApp, temporaryFolder, type TestApp } from '../support/test-app.js';

const ROOT = administrator();
const SECRET = 'S3cretOfTheConnection0123456789';
const OPTIONS = {
  ENDPOINT_URL: 'http://127.0.0.1:1',
  aws_key_id: 'AKIDEXAMPLE',
  aws_secret_key: SECRET,
};

let roots: string;
let testApp: TestApp;
let client: Client;
let catalog: ConnectionCatalog;

beforeAll(async () => {
  roots = await temporaryFolder();
  testApp = await startTestApp({ FS_STAGE_ROOTS: roots });
  client = new Client(testApp);
  catalog = testApp.app.get(ConnectionCatalog);
});

afterAll(async () => {
  await testApp.close();
  await removeFolder(roots);
});

afterEach(async () => {
  for (const { name } of await catalog.show(ROOT)) await catalog.drop(name, ROOT);
  await client.send('/v1/stages/s1', { method: 'DELETE' });
});

async function create(
  name: string,
  options: Readonly<Record<string, string>> = OPTIONS,
  rest: Partial<NewConnection> = {},
): Promise<boolean> {
  const request = { name, storageType: 's3', options: new Map(Object.entries(options)), ...rest };
  return (await catalog.create(request, ROOT)).isNew;
}

async function createStage(url: string, connection: Readonly<Record<string, string>>): Promise<Response> {
  return client.createStage({ name: 's1', url, connection });
}

describe('a connection', () => {
  it('is created, described, shown in order and dropped', async () => {
    await create('b_conn', OPTIONS, { storageType: 'S3' });
    await create('a_conn', { ...OPTIONS, region: 'eu-west-1' });
    const b = {
      name: 'b_conn',
      storage_type: 's3',
      storage_params: 'aws_key_id=AK***LE aws_secret_key=S3***89 endpoint_url=ht***:1',
    };
    expect(connectionView(await catalog.describe('b_conn', ROOT))).toEqual(b);
    const shown = (await catalog.show(ROOT)).map(connectionView);
    expect(shown.map(({ name }) => name)).toEqual(['a_conn', 'b_conn']);
    expect(shown[1]).toEqual(b);
    await catalog.drop('b_conn', ROOT);
    const unknown = ofKind('UnknownConnection', { message: "Connection 'b_conn' does not exist." });
    await expect(catalog.describe('b_conn', ROOT)).rejects.toThrow(unknown);
    await expect(catalog.drop('b_conn', ROOT)).rejects.toThrow(unknown);
  });

  it('is refused where its name is taken, left as it is, or replaced', async () => {
    expect(await create('c')).toBe(true);
    const taken = ofKind('ConnectionAlreadyExists', { message: "Connection 'c' already exists." });
    await expect(create('c')).rejects.toThrow(taken);
    const other = { ...OPTIONS, aws_key_id: 'OTHERKEY' };
    expect(await create('c', other, { ifNotExists: true })).toBe(false);
    expect(connectionView(await catalog.describe('c', ROOT)).storage_params).toContain('AK***LE');
    expect(await create('c', other, { orReplace: true })).toBe(true);
    expect(connectionView(await catalog.describe('c', ROOT)).storage_params).toContain('OT***EY');
    expect(await create('d', other, { orReplace: true })).toBe(true);
    await expect(create('c', other, { orReplace: true, ifNotExists: true })).rejects.toThrow(/choose one/);
  });

  it('of somebody else is not shown by IF NOT EXISTS', async () => {
    await create('c');
    const privilege = { privilege: 'CREATE CONNECTION', kind: 'service' } as const;
    const maker = plainUser('ann', { roles: ['makers'], grants: [privilege] });
    const wish = {
      name: 'c',
      storageType: 's3',
      options: new Map(Object.entries(OPTIONS)),
      ifNotExists: true,
    };
    await expect(catalog.create(wish, maker)).rejects.toThrow(ofKind('ConnectionAlreadyExists'));
  });

  it('of many who create at once is one', async () => {
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => create('race')));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('has names whose case counts', async () => {
    await create('Mixed');
    await expect(catalog.describe('mixed', ROOT)).rejects.toThrow(/'mixed' does not exist/);
  });

  it.each(['', '1a', 'a-b', 'a b', 'select', '~', 'x'.repeat(256)])('is not called %j', async (name) => {
    await expect(create(name)).rejects.toThrow(ofKind('InvalidConnectionName'));
  });

  it.each<[string, string, Record<string, string>, string]>([
    ['an unknown option', 's3', { ...OPTIONS, regoin: 'x' }, 'connection params invalid: '],
    [
      'an option twice, and different',
      's3',
      { ...OPTIONS, access_key_id: 'B' },
      'connection params invalid: ',
    ],
    [
      'an endpoint that is none',
      's3',
      { ...OPTIONS, endpoint_url: 'ftp://h' },
      'connection params invalid: ',
    ],
    ['half of the credentials', 's3', { access_key_id: 'x' }, 'connection params invalid: '],
    ['options for a folder', 'fs', { region: 'x' }, 'connection params invalid: '],
    ['an unknown storage', 'foo', {}, 'protocol foo is not supported yet.)'],
    ['a URL for a storage', 's3://bucket/', OPTIONS, 'protocol s3://bucket/ is not supported yet.)'],
    ['no storage', '', OPTIONS, 'protocol  is not supported yet.)'],
    [
      'another connection',
      's3',
      { connection_name: 'c' },
      'can not use connection_name when create connection)',
    ],
  ])('with %s is refused', async (_case, storageType, options, complaint) => {
    const creating = create('c', options, { storageType });
    await expect(creating).rejects.toThrow(ofKind('InvalidConnection'));
    await expect(creating).rejects.toThrow(`invalid input parameter (${complaint}`);
    expect(await catalog.show(ROOT)).toEqual([]);
  });

  it('is for administrators, and to others as if it did not exist', async () => {
    await create('c');
    const ann = plainUser('ann');
    const request = { name: 'd', storageType: 'fs', options: new Map<string, string>() };
    await expect(catalog.create(request, ann)).rejects.toThrow(ofKind('PermissionDenied'));
    expect(await catalog.show(ann)).toEqual([]);
    for (const attempt of [catalog.describe('c', ann), catalog.drop('c', ann)]) {
      const message = "Connection 'c' does not exist.";
      await expect(attempt).rejects.toThrow(ofKind('UnknownConnection', { message }));
    }
    expect((await catalog.show(ROOT)).map(({ name }) => name)).toEqual(['c']);
  });

  it('keeps its secrets out of the log, and of what can be read without the key', async () => {
    await create('c');
    await createStage('s3://bucket/', { connection_name: 'c' });
    const texts = [testApp.logs(), JSON.stringify((await catalog.show(ROOT)).map(connectionView))];
    const stored = await storedTexts(testApp);
    expect(stored.join('')).toContain("'root'@'%'");
    for (const text of [...texts, ...stored]) expect(text).not.toMatch(new RegExp(`${SECRET}|AKIDEXAMPLE`));
  });

  it("that this server's key does not open can be seen, replaced and dropped", async () => {
    const DATABASE_URL = await newDatabaseUrl();
    const keyOf = (byte: number): string => Buffer.alloc(32, byte).toString('base64');
    const request = { name: 'c', storageType: 's3', options: new Map(Object.entries(OPTIONS)) };
    const before = await startTestApp({ DATABASE_URL, CONNECTION_KEY: keyOf(1) });
    await before.app.get(ConnectionCatalog).create(request, ROOT);
    await before.close();
    const after = await startTestApp({ DATABASE_URL, CONNECTION_KEY: keyOf(2) });
    const connections = after.app.get(ConnectionCatalog);
    try {
      expect((await connections.show(ROOT)).map(connectionView)).toMatchObject([
        { name: 'c', storage_params: '' },
      ]);
      const stage = { name: 's1', url: 's3://bucket/', connection: { connection_name: 'c' } };
      const unreadable = { status: 502, code: 2002, message: /CONNECTION_KEY/ };
      await expectError(await new Client(after).createStage(stage), unreadable);
      await connections.create({ ...request, orReplace: true }, ROOT);
      expect((await new Client(after).createStage(stage)).status).toBe(201);
      await connections.drop('c', ROOT);
    } finally {
      await after.close();
    }
  });
});

describe('a stage of a named connection', () => {
  it('takes its options, and keeps them when the connection is replaced and dropped', async () => {
    await create('c');
    expect((await createStage('s3://bucket/p/', { CONNECTION_NAME: 'c' })).status).toBe(201);
    const made = { url: 's3://bucket/p/', endpoint: 'http://127.0.0.1:1', has_credentials: true };
    await create('c', { ...OPTIONS, ENDPOINT_URL: 'http://127.0.0.1:2' }, { orReplace: true });
    await catalog.drop('c', ROOT);
    expect(await (await client.send('/v1/stages/s1')).json()).toMatchObject(made);
  });

  it('works for folders too', async () => {
    await create('local', {}, { storageType: 'fs' });
    expect((await createStage(`fs://${roots}/x/`, { connection_name: 'local' })).status).toBe(201);
  });

  it('is moved to another one by ALTER', async () => {
    await create('c');
    await create('d', { ...OPTIONS, aws_key_id: 'OTHERKEY' });
    await createStage('s3://bucket/p/', { connection_name: 'c' });
    const answer = await client.send('/v1/stages/s1', {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ url: 's3://bucket/q/', connection: { connection_name: 'd' } }),
    });
    expect(await answer.json()).toMatchObject({
      url: 's3://bucket/q/',
      storage_params: { access_key_id: 'OT***EY' },
    });
  });

  it.each<[string, string, Record<string, string>, string]>([
    [
      'with further options',
      's3://b/',
      { connection_name: 'my_conn', region: 'x' },
      'connection_name can not be used with other connection options',
    ],
    [
      'of another kind of storage',
      'http://b/x/',
      { connection_name: 'my_conn' },
      'protocol from connection_name=my_conn (s3) not match with uri protocol (http).',
    ],
    [
      'for a folder',
      'fs:///tmp/',
      { connection_name: 'my_conn' },
      'protocol from connection_name=my_conn (s3) not match with uri protocol (fs).',
    ],
    [
      'that is not there',
      's3://b/',
      { connection_name: 'none' },
      "fail to get connection_name none: Connection 'none' does not exist.",
    ],
  ])('is refused %s', async (_case, url, connection, complaint) => {
    await create('my_conn');
    const answer = await createStage(url, connection);
    const { error } = await expectError(answer, { status: 400, code: 4000, message: /./ });
    expect(error.message).toBe(`invalid input parameter (${complaint})`);
  });
});
