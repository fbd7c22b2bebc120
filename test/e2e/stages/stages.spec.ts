import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { newDatabaseUrl } from '../../support/test-database.js';
import { Client } from '../support/client.js';
import { expectError, filesBelow, storedFiles } from '../support/expectations.js';
import { filePart, form } from '../support/form.js';
import { storedTexts } from '../support/stored-texts.js';
import { removeFolder, startTestApp, temporaryFolder, type TestApp } from '../support/test-app.js';

const SECRETS = {
  aws_secret_key: 'S3cretOfTheStage0123456789',
  session_token: 'T0kenOfTheSession9876543210',
};
const S3 = {
  url: 's3://bucket/prefix/',
  connection: { endpoint_url: 'http://127.0.0.1:1', aws_key_id: 'AKIDEXAMPLE', ...SECRETS },
};

let roots: string;
let testApp: TestApp;
let client: Client;

beforeAll(async () => {
  roots = await temporaryFolder();
  testApp = await startTestApp({ FS_STAGE_ROOTS: roots });
  client = new Client(testApp);
});

afterAll(async () => {
  await testApp.close();
  await removeFolder(roots);
});

afterEach(async () => {
  for (const name of await stageNames()) expect((await drop(name)).status).toBe(204);
});

async function stageNames(query = ''): Promise<string[]> {
  const answer = (await (await client.send(`/v1/stages${query}`)).json()) as { stages: { name: string }[] };
  return answer.stages.map((stage) => stage.name);
}

async function drop(name: string): Promise<Response> {
  return client.send(`/v1/stages/${encodeURIComponent(name)}`, { method: 'DELETE' });
}

async function alter(
  name: string,
  change: Readonly<Record<string, unknown>>,
  by = client,
): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify(change);
  return by.send(`/v1/stages/${encodeURIComponent(name)}`, { method: 'PATCH', headers, body });
}

async function shown(name: string): Promise<Record<string, unknown>> {
  return (await (await client.send(`/v1/stages/${name}`)).json()) as Record<string, unknown>;
}

async function create(name: string, rest: Readonly<Record<string, unknown>> = {}): Promise<number> {
  return (await client.createStage({ name, ...rest })).status;
}

async function uploadTo(stage_name: string, file = 'f'): Promise<void> {
  expect((await client.upload(form(filePart(file)), { stage_name })).status).toBe(200);
}

describe('CREATE, SHOW, DESCRIBE and DROP', () => {
  it('make a stage, show it, describe it and end it', async () => {
    const created = await client.createStage({
      name: 's1',
      comment: 'for loads',
      file_format: { type: 'CSV' },
    });
    expect(created.status).toBe(201);
    const view = (await created.json()) as Record<string, unknown>;
    expect(view).toMatchObject({
      name: 's1',
      stage_type: 'Internal',
      url: null,
      comment: 'for loads',
      creator: "'root'@'%'",
      owner: 'account_admin',
    });
    expect(view['file_format_options']).toMatchObject({ type: 'Csv', field_delimiter: ',' });
    expect(await (await client.send('/v1/stages/s1')).json()).toEqual(view);
    expect(await (await client.send('/v1/stages')).json()).toEqual({ stages: [view], next_cursor: null });
    expect((await drop('s1')).status).toBe(204);
    const gone = { status: 404, code: 2501, message: /^Stage 's1' does not exist\.$/ };
    await expectError(await client.send('/v1/stages/s1'), gone);
    await expectError(await drop('s1'), {
      status: 404,
      code: 2501,
      message: /^error on validating stage access\nStage 's1' does not exist\.$/,
    });
  });

  it('show by a pattern of SQL, without regard to case, in order', async () => {
    for (const name of ['b_two', 'a_one', 'bXtwo', 'Größe']) await create(name);
    expect(await stageNames()).toEqual(['Größe', 'a_one', 'bXtwo', 'b_two']);
    expect(await stageNames('?like=B%25')).toEqual(['bXtwo', 'b_two']);
    expect(await stageNames(String.raw`?like=b\_%25`)).toEqual(['b_two']);
    expect(await stageNames(`?like=${encodeURIComponent('GRÖ_E')}`)).toEqual(['Größe']);
    const unknown = await client.send('/v1/stages?lik=x');
    await expectError(unknown, { status: 400, code: 1006, message: /lik/ });
  });

  it('refuse a name that is taken', async () => {
    await create('taken');
    const again = await client.createStage({ name: 'taken' });
    await expectError(again, { status: 409, code: 2502, message: /^Stage 'taken' already exists\.$/ });
  });

  it('let one of many who create at once win', async () => {
    const statuses = await Promise.all(Array.from({ length: 8 }, () => create('race')));
    expect(statuses.sort()).toEqual([201, ...Array<number>(7).fill(409)]);
  });

  it('leave a stage as it is with if_not_exists', async () => {
    expect(await create('kept', { if_not_exists: true, comment: 'first' })).toBe(201);
    await uploadTo('kept');
    const again = await client.createStage({ name: 'kept', if_not_exists: true, comment: 'second' });
    expect(again.status).toBe(200);
    expect(await again.json()).toMatchObject({ comment: 'first' });
    expect(await client.names('kept')).toEqual(['f']);
  });

  it('replace an internal stage and its files with or_replace', async () => {
    await create('replaced', { comment: 'first' });
    await uploadTo('replaced');
    expect(await create('replaced', { or_replace: true, comment: 'second' })).toBe(201);
    expect(await client.names('replaced')).toEqual([]);
    expect(await (await client.send('/v1/stages/replaced')).json()).toMatchObject({ comment: 'second' });
  });

  it('refuse or_replace together with if_not_exists', async () => {
    const both = await client.createStage({ name: 'both', or_replace: true, if_not_exists: true });
    await expectError(both, { status: 400, code: 1006, message: /choose one/ });
  });

  it('remove the files of an internal stage that is dropped', async () => {
    await create('dropped');
    await uploadTo('dropped', 'a/b/c');
    expect((await drop('dropped')).status).toBe(204);
    expect(await storedFiles(testApp)).toEqual([]);
  });

  it('neither create, alter nor drop the user’s own stage', async () => {
    const refused = { status: 400, code: 2506 };
    await expectError(await client.createStage({ name: '~' }), {
      ...refused,
      message: /^user stage is not allowed to be created$/,
    });
    await expectError(await alter('~', { comment: 'mine' }), {
      ...refused,
      message: /^\[SQL-BINDER\] User stage \(~\) is not allowed to be altered$/,
    });
    await expectError(await drop('~'), {
      ...refused,
      message: /^\[SQL-BINDER\] User stage \(~\) is not allowed to be dropped$/,
    });
  });
});

describe('the file format of a stage', () => {
  it('is normalised, its defaults filled in', async () => {
    const file_format = { TYPE: 'ndjson', null_if: ['NULL'], compression: 'gzip' };
    await create('typed', { file_format });
    expect((await shown('typed'))['file_format_options']).toEqual({
      compression: 'Gzip',
      missing_field_as: 'Error',
      null_field_as: 'Null',
      null_if: ['NULL'],
      type: 'NdJson',
    });
  });

  it.each([undefined, null, {}])('is Parquet where %j is given', async (file_format) => {
    await create('typed', { file_format });
    expect((await shown('typed'))['file_format_options']).toMatchObject({ type: 'Parquet' });
  });

  it.each<[Record<string, unknown>, number, RegExp]>([
    [{ type: 'docx' }, 2508, /Unknown file format type 'docx'/],
    [{ field_delimiter: ',' }, 2508, /TYPE/],
    [{ type: 'CSV', field_delimeter: ',' }, 2508, /field_delimeter/],
    [{ format_name: 'mine' }, 2507, /'mine' does not exist/],
    [{ type: 'CSV', quote: 'x' }, 1006, /QUOTE is currently set to 'x'/],
    [{ type: 'CSV', quote: null }, 1006, /file_format\.quote/],
    [{ type: 'CSV', quote: { a: 1 } }, 1006, /file_format\.quote/],
  ])('cannot be %j', async (file_format, code, message) => {
    const answer = await client.createStage({ name: 'typed', file_format });
    await expectError(answer, { status: 400, code, message });
    expect(await stageNames()).toEqual([]);
  });
});

describe('ALTER', () => {
  it('sets what is given, unsets what is null, and leaves the rest', async () => {
    await create('s1', { comment: 'first', file_format: { type: 'CSV' } });
    const created = await shown('s1');
    const answer = await alter('s1', { comment: 'second' });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ ...created, comment: 'second' });
    expect(await shown('s1')).toEqual({ ...created, comment: 'second' });
    const json = (await (await alter('s1', { file_format: { type: 'JSON' } })).json()) as object;
    expect(json).toEqual({
      ...created,
      comment: 'second',
      file_format_options: { compression: 'None', type: 'Json' },
    });
    const unset = (await (await alter('s1', { comment: null, file_format: null })).json()) as object;
    expect(unset).toMatchObject({ comment: '', file_format_options: { type: 'Parquet' } });
  });

  it('keeps the files of the stage, and what is on its way to it', async () => {
    await create('s1');
    await uploadTo('s1', 'early');
    const body = form(filePart('late.csv', 'x'.repeat(200_000)));
    const upload = await client.startUpload({ stage_name: 's1', 'content-length': String(body.length) });
    await upload.write(body.subarray(0, 100_000));
    expect((await alter('s1', { comment: 'changed meanwhile' })).status).toBe(200);
    await upload.write(body.subarray(100_000));
    expect((await upload.expectAnswer()).status).toBe(200);
    upload.leave();
    expect(await client.names('s1')).toEqual(['early', 'late.csv']);
  });

  it('moves an external stage to another url from the next request on', async () => {
    await create('ext', { url: `fs://${roots}/from/` });
    await uploadTo('ext', 'first');
    const moved = await alter('ext', { url: `fs://${roots}/to/` });
    expect(moved.status).toBe(200);
    expect(await moved.json()).toMatchObject({ url: `fs://${roots}/to/`, stage_type: 'External' });
    expect(await client.names('ext')).toEqual([]);
    await uploadTo('ext', 'second');
    expect(await filesBelow(join(roots, 'from'))).toEqual(['first']);
    expect(await filesBelow(join(roots, 'to'))).toEqual(['second']);
  });

  it('keeps nothing of the old credentials with a new url', async () => {
    await create('ext', S3);
    expect((await alter('ext', { url: 's3://another-bucket/' })).status).toBe(200);
    expect(await shown('ext')).toMatchObject({
      url: 's3://another-bucket/',
      storage_params: { access_key_id: '', secret_access_key: '' },
    });
    const connection = { access_key_id: 'OTHERKEY', secret_access_key: 'other' };
    expect((await alter('ext', { url: 's3://another-bucket/', connection })).status).toBe(200);
    expect(await shown('ext')).toMatchObject({
      url: 's3://another-bucket/',
      endpoint: 'https://s3.amazonaws.com',
      storage_params: { access_key_id: 'OT***EY', security_token: '' },
    });
  });

  it.each<[string, Record<string, unknown>, number, RegExp]>([
    ['nothing', {}, 1006, /^ALTER STAGE requires at least one option when SET is used$/],
    ['a file format of nothing', { file_format: {} }, 1006, /^ALTER STAGE requires at least one option/],
    [
      'a url for an internal stage',
      { url: S3.url },
      1006,
      /^Stage s1 is not external, LOCATION\/URL can only be set for external stages$/,
    ],
    ['a connection for an internal stage', { connection: S3.connection }, 1006, /^Stage s1 is not external/],
    ['an unknown file format', { comment: 'x', file_format: { type: 'docx' } }, 2508, /docx/],
    ['an unknown field', { comments: 'x' }, 1006, /comments/],
    ['a name', { name: 's2' }, 1006, /name/],
    ['no url', { url: null }, 1006, /url/],
    ['a comment that is no text', { comment: 1 }, 1006, /comment/],
  ])('refuses %s and leaves the stage as it was', async (_case, change, code, message) => {
    await create('s1', { comment: 'first' });
    const before = await shown('s1');
    await expectError(await alter('s1', change), { status: 400, code, message });
    expect(await shown('s1')).toEqual(before);
  });

  it.each<[string, Record<string, unknown>, number, RegExp]>([
    ['a change of no option', { connection: {} }, 1006, /Name the options of the connection that change/],
    [
      'a url without a slash at its end',
      { url: 's3://bucket/x' },
      4000,
      /^invalid input parameter \(path in URL must end with '\/' when ALTER STAGE\. Got '\/x'\.\)$/,
    ],
    ['a folder that is not allowed', { url: 'fs:///etc/' }, 4000, /FS_STAGE_ROOTS/],
    ['a path', { url: '/etc/' }, 1005, /fs:\/\/\/path\/ instead of \/path\//],
  ])('of an external stage refuses %s', async (_case, change, code, message) => {
    await create('ext', S3);
    await expectError(await alter('ext', change), { status: 400, code, message });
    expect(await shown('ext')).toMatchObject({ url: S3.url });
  });

  it('tells of a stage that is not there', async () => {
    await expectError(await alter('none', { comment: 'x' }), {
      status: 404,
      code: 2501,
      message: /^error on validating stage access\nStage 'none' does not exist\.$/,
    });
  });

  it('reaches the next request of another replica', async () => {
    const shared = await temporaryFolder();
    const settings = {
      DATABASE_URL: await newDatabaseUrl(),
      CONNECTION_KEY: Buffer.alloc(32, 7).toString('base64'),
      FS_STAGE_ROOTS: shared,
    };
    const replicas = [await startTestApp(settings), await startTestApp(settings)] as const;
    try {
      const [one, two] = replicas.map((replica) => new Client(replica)) as [Client, Client]; // of two, two
      await one.createStage({ name: 'ext', url: `fs://${shared}/from/` });
      const upload = (name: string) => two.upload(form(filePart(name)), { stage_name: 'ext' });
      expect((await upload('first')).status).toBe(200);
      expect((await alter('ext', { url: `fs://${shared}/to/` }, one)).status).toBe(200);
      expect((await upload('second')).status).toBe(200);
      expect(await two.names('ext')).toEqual(['second']);
      expect(await filesBelow(join(shared, 'to'))).toEqual(['second']);
    } finally {
      for (const replica of replicas) await replica.close();
      await removeFolder(shared);
    }
  });

  it('and OR REPLACE and DROP at once leave a stage whole, or none', async () => {
    await create('race');
    const file_format = { type: 'CSV' };
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_each, i) => [
        alter('race', { comment: `c${String(i)}`, file_format }),
        client.createStage({ name: 'race', or_replace: true, comment: 'new' }),
        drop('race'),
      ]).flat(),
    );
    for (const { status } of answers) expect([200, 201, 204, 404]).toContain(status);
    await create('race', { if_not_exists: true, comment: 'new' });
    expect((await shown('race'))['comment']).toMatch(/^(c\d|new)$/);
  });
});

describe('the name of a stage', () => {
  it.each(['a', '_a1$', 'Größe', '数据', 'selects', 'x'.repeat(255)])('may be %s', async (name) => {
    expect(await create(name)).toBe(201);
    await uploadTo(Buffer.from(name).toString('latin1'));
    expect(await client.names(encodeURIComponent(name))).toEqual(['f']);
  });

  it.each(['', '1a', 'a-b', 'a.b', 'a b', 'a/b', '..', '$a', 'select', 'Order', 'a\0', 'x'.repeat(256)])(
    'may not be %j',
    async (name) => {
      await expectError(await client.createStage({ name }), {
        status: 400,
        code: 1005,
        message: /cannot be used: it/,
      });
    },
  );

  it('may not be Databend’s own', async () => {
    const answer = await client.createStage({ name: '_databend_load' });
    await expectError(answer, { status: 400, code: 2004, message: /reserved/ });
  });
});

describe('the connection of an external stage', () => {
  it.each<[string, Record<string, unknown>, RegExp]>([
    ['with an unknown scheme', { url: 'ftp://host/x/' }, /\(protocol ftp is not supported yet\.\)/],
    ['without a scheme', { url: 'bucket/x/' }, /storage URL/],
    [
      'with half of the credentials',
      { url: 's3://bucket/x/', connection: { access_key_id: 'AKID' } },
      /secret_access_key.*missing/,
    ],
    [
      'with a misspelt option',
      { ...S3, connection: { ...S3.connection, regoin: 'x' } },
      /\(connection params invalid: .*got.*regoin/,
    ],
    [
      'with an option twice, and different',
      { ...S3, connection: { ...S3.connection, access_key_id: 'B' } },
      /same option/,
    ],
    [
      'with an endpoint that is more than a host',
      { ...S3, connection: { ...S3.connection, endpoint_url: 'http://h/p' } },
      /endpoint_url/,
    ],
    ['with credentials in the URL', { ...S3, url: 's3://a:b@bucket/' }, /credentials/],
    ['outside the allowed folders', { url: 'fs:///etc/' }, /FS_STAGE_ROOTS/],
    ['with options for a folder', { url: 'fs:///etc/', connection: { region: 'x' } }, /region/],
    [
      'on disk without a slash at its end',
      { url: 'fs:///etc' },
      /path in URL must end with '\/' when CREATE STAGE\. Got '\/etc'\.\)$/,
    ],
    [
      'on S3 without a slash at its end',
      { ...S3, url: 's3://bucket/tb101' },
      /\(path in URL must end with '\/' when CREATE STAGE\. Got '\/tb101'\.\)$/,
    ],
  ])('%s is refused by name', async (_case, stage, message) => {
    const answer = await client.createStage({ name: 'refused', ...stage });
    const { error } = await expectError(answer, { status: 400, code: 4000, message });
    expect(error.message.split('invalid input parameter (')).toEqual(['', expect.any(String)]);
    for (const secret of Object.values(SECRETS)) expect(error.message).not.toContain(secret);
    expect(await stageNames()).toEqual([]);
  });

  it.each<[string, RegExp]>([
    ['/x/', /^local filesystem paths must use fs:\/\/\/path\/ instead of \/path\/$/],
    ['file:///x/', /^local filesystem paths must use fs:\/\/\/path\/ instead of file:\/\/\/path\/$/],
    ['fs://x', /^fs locations must start with fs:\/\/\/$/],
  ])('%s is not how a folder is written', async (url, message) => {
    const answer = await client.createStage({ name: 'refused', url });
    await expectError(answer, { status: 400, code: 1005, message });
  });

  it('has https where its endpoint names no scheme', async () => {
    const connection = { ...S3.connection, endpoint_url: 's3.example.com' };
    expect(await create('ext', { ...S3, connection })).toBe(201);
    expect(await shown('ext')).toMatchObject({ endpoint: 'https://s3.example.com' });
  });

  it('next to an allowed folder, or up from it, is refused', async () => {
    for (const url of [`fs://${roots}-other/`, `fs://${roots}/../`, `fs://${roots}/a/../../`]) {
      const answer = await client.createStage({ name: 'refused', url });
      await expectError(answer, { status: 400, code: 4000, message: /FS_STAGE_ROOTS|plain/ });
    }
  });

  it('in an allowed folder works, and its files stay when it is replaced and dropped', async () => {
    const stage = { url: `fs://${roots}/external/` };
    expect(await create('ext', stage)).toBe(201);
    await uploadTo('ext', 'a/b');
    expect(await client.content('ext', 'a/b')).toBe('content');
    expect(await create('ext', { ...stage, or_replace: true })).toBe(201);
    expect(await client.names('ext')).toEqual(['a/b']);
    expect((await drop('ext')).status).toBe(204);
    expect(await filesBelow(join(roots, 'external'))).toEqual(['a/b']);
  });
});

describe('the secrets of a stage', () => {
  it('are in no answer, in no log, and nothing of the database shows them without the key', async () => {
    const texts = [await (await client.createStage({ name: 'sealed', ...S3 })).text()];
    for (const path of ['', '/sealed', '/sealed/files'])
      texts.push(await (await client.send(`/v1/stages${path}`)).text());
    expect(texts[0]).toContain('s3://bucket/prefix/');
    expect((await stat(join(testApp.dataDir, 'connection.key'))).mode & 0o777).toBe(0o600);
    const stored = await storedTexts(testApp);
    for (const plain of ['sealed', "'root'@'%'"]) expect(stored.join('')).toContain(plain);
    texts.push(...stored, testApp.logs());
    for (const text of texts) for (const secret of Object.values(SECRETS)) expect(text).not.toContain(secret);
  });
});
