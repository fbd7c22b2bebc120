import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from './support/client.js';
import { expectError, filesBelow, storedFiles } from './support/expectations.js';
import { filePart, form } from './support/form.js';
import { removeFolder, startTestApp, temporaryFolder, type TestApp } from './support/test-app.js';

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
      file_format_options: { type: 'CSV' },
    });
    expect(await (await client.send('/v1/stages/s1')).json()).toEqual(view);
    expect(await (await client.send('/v1/stages')).json()).toEqual({ stages: [view] });
    expect((await drop('s1')).status).toBe(204);
    await expectError(await client.send('/v1/stages/s1'), { status: 404, code: 2501, message: /'s1'/ });
    await expectError(await drop('s1'), { status: 404, code: 2501, message: /'s1'/ });
  });

  it('show by a pattern of SQL, without regard to case, in order', async () => {
    for (const name of ['b_two', 'a_one', 'bXtwo']) await create(name);
    expect(await stageNames()).toEqual(['a_one', 'bXtwo', 'b_two']);
    expect(await stageNames('?like=B%25')).toEqual(['bXtwo', 'b_two']);
    expect(await stageNames(String.raw`?like=b\_%25`)).toEqual(['b_two']);
    const unknown = await client.send('/v1/stages?lik=x');
    await expectError(unknown, { status: 400, code: 1006, message: /lik/ });
  });

  it('refuse a name that is taken', async () => {
    await create('taken');
    const again = await client.createStage({ name: 'taken' });
    await expectError(again, { status: 409, code: 2502, message: /'taken' already exists/ });
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

  it('neither create nor drop the user’s own stage', async () => {
    await expectError(await client.createStage({ name: '~' }), {
      status: 400,
      code: 2506,
      message: /user stage/,
    });
    await expectError(await drop('~'), { status: 400, code: 2506, message: /User stage/ });
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
    ['with an unknown scheme', { url: 'ftp://host/x/' }, /ftp is not supported/],
    ['without a scheme', { url: 'bucket/x/' }, /storage URL/],
    ['without credentials', { url: 's3://b/x/' }, /access_key_id.*missing.*secret_access_key.*missing/],
    ['with a misspelt option', { ...S3, connection: { ...S3.connection, regoin: 'x' } }, /got.*regoin/],
    [
      'with an option twice, and different',
      { ...S3, connection: { ...S3.connection, access_key_id: 'B' } },
      /same option/,
    ],
    ['with credentials in the URL', { ...S3, url: 's3://a:b@bucket/' }, /credentials/],
    ['outside the allowed folders', { url: 'fs:///etc/' }, /FS_STAGE_ROOTS/],
    ['without a slash at its end', { url: 'fs:///etc' }, /end with/],
  ])('%s is refused by name', async (_case, stage, message) => {
    const answer = await client.createStage({ name: 'refused', ...stage });
    const { error } = await expectError(answer, { status: 400, code: 4000, message });
    for (const secret of Object.values(SECRETS)) expect(error.message).not.toContain(secret);
    expect(await stageNames()).toEqual([]);
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
  it('are in no answer, in no log, and in no file that can be read without the key', async () => {
    const texts = [await (await client.createStage({ name: 'sealed', ...S3 })).text()];
    for (const path of ['', '/sealed', '/sealed/files'])
      texts.push(await (await client.send(`/v1/stages${path}`)).text());
    expect(texts[0]).toContain('s3://bucket/prefix/');
    expect((await stat(join(testApp.dataDir, 'connection.key'))).mode & 0o777).toBe(0o600);
    const files = (await filesBelow(testApp.dataDir)).filter((name) => name.startsWith('stagedoor.db'));
    expect(files).toEqual(expect.arrayContaining(['stagedoor.db', 'stagedoor.db-wal']));
    for (const file of files) texts.push((await readFile(join(testApp.dataDir, file))).toString('latin1'));
    expect(texts.join('')).toContain("'root'@'%'");
    texts.push(testApp.logs());
    for (const text of texts) for (const secret of Object.values(SECRETS)) expect(text).not.toContain(secret);
  });
});
