import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { Client, type FileRow, type Headers } from '../support/client.js';
import { eventually, expectError, filesBelow, storedFiles } from '../support/expectations.js';
import { filePart, form, FORM_TYPE } from '../support/form.js';
import { connectionTo, describeOnMinio, makeBucket } from '../support/minio.js';
import type { RawAnswer, RawConnection } from '../support/raw-connection.js';
import { removeFolder, startTestApp, temporaryFolder, type TestApp } from '../support/test-app.js';

const MEBIBYTE = 1024 * 1024;

let testApp: TestApp;
let client: Client;

beforeAll(async () => {
  testApp = await startTestApp();
  client = new Client(testApp);
  expect((await client.createStage({ name: 'named' })).status).toBe(201);
});

afterAll(() => testApp.close());

afterEach(async () => {
  for (const stage of ['~', 'named'])
    await client.send(`/v1/stages/${stage}/files?prefix=`, { method: 'DELETE' });
});

interface Put {
  readonly stage?: string;
  readonly headers?: Headers;
  readonly body?: Buffer | string;
}

/** By fetch. */
async function put(
  path: string,
  { stage = '~', headers = {}, body = 'content' }: Put = {},
): Promise<Response> {
  return client.send(`/v1/stages/${stage}/files/${path}`, { method: 'PUT', headers, body });
}

/** The head of a PUT and what is given of its body, over a raw connection. */
async function startPut(headers: Headers, body: Buffer | string = '', path = 'f'): Promise<RawConnection> {
  return client.start(`PUT /v1/stages/~/files/${path}`, headers, body);
}

async function answerTo(headers: Headers, body: Buffer | string = '', path = 'f'): Promise<RawAnswer> {
  return client.request(`PUT /v1/stages/~/files/${path}`, headers, body);
}

async function rowOf(answer: Response): Promise<FileRow> {
  return (await answer.json()) as FileRow;
}

/** What is told of a stage on any storage. */
function putsOneFile(stage: string, given: () => Client): void {
  const send = (path: string, init: RequestInit): Promise<Response> =>
    given().send(`/v1/stages/${stage}/files/${path}`, { method: 'PUT', ...init });

  it('is 201 for a new file and 200 for one that replaces it, with the row of the listing', async () => {
    const first = await send('dir/a.csv', { body: 'first' });
    expect(first.status).toBe(201);
    expect(first.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const made = await rowOf(first);
    expect(Object.keys(made)).toEqual(['name', 'size', 'md5', 'last_modified', 'creator']);
    const second = await send('dir/a.csv', { body: 'the second' });
    expect(second.status).toBe(200);
    const row = await rowOf(second);
    const [listed] = (await given().page(stage)).files;
    expect({ ...row, last_modified: row.last_modified.slice(0, 19) }).toEqual({
      ...listed,
      last_modified: listed?.last_modified.slice(0, 19),
    });
    expect(row).toMatchObject({ name: 'dir/a.csv', size: 10 });
    expect(await given().content(stage, 'dir/a.csv')).toBe('the second');
  });

  it('tells the ETag that a download then has', async () => {
    const answer = await send('a.csv', { body: 'x' });
    const found = await given().send(`/v1/stages/${stage}/files/a.csv`);
    expect(await found.text()).toBe('x');
    expect(answer.headers.get('etag')).toMatch(/^".+"$/);
    expect(found.headers.get('etag')).toBe(answer.headers.get('etag'));
  });

  it.each([0, 1, 300_000, 9 * MEBIBYTE + 1])('keeps %d bytes as they are', async (size) => {
    const content = Buffer.from(Array.from({ length: Math.min(size, 70_000) }, (_, i) => (i * 7) % 256));
    const body = Buffer.alloc(size, content.length === 0 ? 0 : content);
    expect((await send('bytes', { body })).status).toBe(201);
    const found = await given().send(`/v1/stages/${stage}/files/bytes`);
    expect(Buffer.from(await found.arrayBuffer()).equals(body)).toBe(true);
  });

  it.each([
    'with space.csv',
    `quote'and"quote.csv`,
    'percent%41%.csv',
    'plus+and&.csv',
    'hash#tag.csv',
    'question?mark=1.csv',
    'dir one/数据 книга 🎭.csv',
    'semi;colon:at@.csv',
    String.raw`back\slash.csv`,
  ])('of a file named %j is fetched by that name', async (name) => {
    const path = name.split('/').map(encodeURIComponent).join('/');
    const answer = await send(path, { body: name });
    expect(answer.status).toBe(201);
    expect((await rowOf(answer)).name).toBe(name);
    expect(await given().content(stage, path)).toBe(name);
    expect(await given().content(stage, encodeURIComponent(name))).toBe(name);
    expect(await given().names(stage)).toEqual([name]);
  });

  it('on the condition of absence makes a file once, and leaves it then', async () => {
    const headers = { 'if-none-match': '*' };
    expect((await send('a.csv', { headers, body: 'first' })).status).toBe(201);
    const expected = { status: 412, code: 2504, message: /is there already: nothing was changed/ };
    await expectError(await send('a.csv', { headers, body: 'second' }), expected);
    expect(await given().content(stage, 'a.csv')).toBe('first');
  });

  it.each([1, 6 * MEBIBYTE])(
    'of %d bytes, 20 at once on the condition of absence, makes one file',
    async (size) => {
      const bodies = Array.from({ length: 20 }, (_, i) => Buffer.alloc(size, String.fromCharCode(97 + i)));
      const headers = { 'if-none-match': '*' };
      const answers = await Promise.all(bodies.map((body) => send('once', { headers, body })));
      const statuses = answers.map(({ status }) => status);
      expect([...statuses].sort()).toEqual([201, ...Array<number>(19).fill(412)]);
      const winner = bodies[statuses.indexOf(201)];
      const found = await given().send(`/v1/stages/${stage}/files/once`);
      expect(Buffer.from(await found.arrayBuffer()).equals(winner ?? Buffer.alloc(0))).toBe(true);
      expect(await given().names(stage)).toEqual(['once']);
    },
  );

  it('on the condition of an ETag replaces that file and no other', async () => {
    const etag = (await send('a.csv', { body: 'first' })).headers.get('etag') ?? '';
    const replaced = await send('a.csv', { headers: { 'if-match': etag }, body: 'second' });
    expect(replaced.status).toBe(200);
    const expected = { status: 412, code: 2504, message: /not the one with that ETag/ };
    for (const tag of [etag, `W/${replaced.headers.get('etag') ?? ''}`, '"nonsense"', '""'])
      await expectError(await send('a.csv', { headers: { 'if-match': tag }, body: 'third' }), expected);
    expect(await given().content(stage, 'a.csv')).toBe('second');
    await expectError(await send('new.csv', { headers: { 'if-match': etag }, body: 'x' }), expected);
    expect(await given().names(stage)).toEqual(['a.csv']);
  });

  it('of 20 at once on the condition of one ETag lets one replace the file', async () => {
    const etag = (await send('a.csv', { body: 'first' })).headers.get('etag') ?? '';
    const headers = { 'if-match': etag };
    const bodies = Array.from({ length: 20 }, (_, i) => `content ${String(i)}`);
    const answers = await Promise.all(bodies.map((body) => send('a.csv', { headers, body })));
    const statuses = answers.map(({ status }) => status);
    expect([...statuses].sort()).toEqual([200, ...Array<number>(19).fill(412)]);
    expect(await given().content(stage, 'a.csv')).toBe(bodies[statuses.indexOf(200)]);
  });

  it('with If-Match: * replaces a file and makes none', async () => {
    const headers = { 'if-match': '*' };
    const expected = { status: 412, code: 2504, message: /There is no file of that name/ };
    await expectError(await send('a.csv', { headers, body: 'x' }), expected);
    expect(await given().names(stage)).toEqual([]);
    await send('a.csv', { body: 'first' });
    expect((await send('a.csv', { headers, body: 'second' })).status).toBe(200);
    expect(await given().content(stage, 'a.csv')).toBe('second');
  });

  it('that fails by its condition is refused without having been asked for its body', async () => {
    await send('a.csv', { body: 'first' });
    for (const headers of [{ 'if-none-match': '*' }, { 'if-match': '"other"' }] as const) {
      const connection = await given().start(`PUT /v1/stages/${stage}/files/a.csv`, {
        expect: '100-continue',
        'content-length': '40000000000',
        ...headers,
      });
      const answer = await connection.expectAnswer();
      await expectError(answer, { status: 412, code: 2504, message: /nothing was changed/ });
      expect(answer.headers.get('connection')).toBe('close');
      connection.leave();
    }
    expect(await given().content(stage, 'a.csv')).toBe('first');
  });

  it('leaves a file that came first while it was on its way', async () => {
    const connection = await given().start(`PUT /v1/stages/${stage}/files/a.csv`, {
      'content-length': String(7 * MEBIBYTE),
      'if-none-match': '*',
    });
    await connection.write(Buffer.alloc(6 * MEBIBYTE));
    expect((await send('a.csv', { body: 'first' })).status).toBe(201);
    await connection.write(Buffer.alloc(MEBIBYTE));
    await expectError(await connection.expectAnswer(), {
      status: 412,
      code: 2504,
      message: /is there already/,
    });
    connection.leave();
    expect(await given().content(stage, 'a.csv')).toBe('first');
  });

  it('whose client leaves in the middle leaves the previous file whole and nothing else', async () => {
    await send('large', { body: 'previous' });
    const connection = await given().start(`PUT /v1/stages/${stage}/files/large`, {
      'content-length': '1000000000',
    });
    await connection.write(Buffer.alloc(20 * MEBIBYTE));
    connection.leave();
    expect(await given().content(stage, 'large')).toBe('previous');
    expect(await given().names(stage)).toEqual(['large']);
  });
}

describe('a raw upload on local disk', () => {
  putsOneFile('named', () => client);
});

describe('a raw upload on a disk, which keeps no content type', () => {
  const typeOf = async (): Promise<string | null> =>
    (await client.send('/v1/stages/~/files/typed')).headers.get('content-type');

  it('is read back with its own, also when the same bytes took its place', async () => {
    for (const type of ['text/csv', 'text/plain']) {
      await put('typed', { headers: { 'content-type': type } });
      expect([await typeOf(), await typeOf()]).toEqual([type, type]);
    }
  });

  it('loses it with the file', async () => {
    await put('typed', { headers: { 'content-type': 'text/csv' } });
    await typeOf();
    await client.send('/v1/stages/~/files/typed', { method: 'DELETE' });
    await put('typed', { headers: {} });
    expect(await typeOf()).not.toBe('text/csv');
  });
});

describeOnMinio('a raw upload on S3', (minio) => {
  const bucket = `e2e-${randomUUID()}`;

  beforeAll(async () => {
    await makeBucket(minio, bucket);
    const stage = { name: 'on_s3', url: `s3://${bucket}/some/prefix/`, connection: connectionTo(minio) };
    expect((await client.createStage(stage)).status).toBe(201);
  });

  afterEach(async () => {
    await client.send('/v1/stages/on_s3/files?prefix=', { method: 'DELETE' });
  });

  putsOneFile('on_s3', () => client);

  it('keeps its content type', async () => {
    const headers = { 'content-type': 'text/csv; charset=utf-8' };
    await put('typed.csv', { stage: 'on_s3', headers });
    const found = await client.send('/v1/stages/on_s3/files/typed.csv', { method: 'HEAD' });
    expect(found.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  });
});

describe('the path of a raw upload', () => {
  it('may have its slashes escaped, doubled and in front', async () => {
    expect((await put('a%2Fb//c.csv')).status).toBe(201);
    expect((await put('/d.csv')).status).toBe(201);
    expect(await client.names('~')).toEqual(['a/b/c.csv', 'd.csv']);
  });

  it.each([
    ['', /must name a file/],
    ['dir/', /not a directory/],
    ['%2F', /must name a file/],
    ['a/%2e%2e/b', /'\.' or '\.\.'/],
    ['..%2Fb', /'\.' or '\.\.'/],
    ['a%00b', /control characters/],
    [' a', /white space/],
    ['x'.repeat(256), /at most 255 bytes/],
  ])('may not be %j', async (path, message) => {
    const escaped = path.replace(' ', '%20');
    await expectError(await answerTo({ 'content-length': '1' }, 'x', escaped), {
      status: 400,
      code: 1006,
      message,
    });
    expect(await storedFiles(testApp)).toEqual([]);
  });

  it('may not be empty, with or without a slash at its end', async () => {
    for (const path of ['/v1/stages/~/files', '/v1/stages/~/files/']) {
      const answer = await client.send(path, { method: 'PUT', body: 'x' });
      await expectError(answer, { status: 400, code: 1006, message: /must name a file/ });
    }
  });

  it('may not be broken in its encoding', async () => {
    await expectError(await answerTo({ 'content-length': '1' }, 'x', 'a%ffb'), {
      status: 400,
      code: 1006,
      message: /U\+FDD0|UTF-8/,
    });
    await expectError(await answerTo({ 'content-length': '1' }, 'x', 'a%zzb'), {
      status: 400,
      message: /percent-encoded UTF-8/,
    });
  });

  it.each([
    ['whose name is a directory', 'a'],
    ['below another file', 'a/b/c'],
  ])('%s is a conflict on local disk, and the old file stays', async (_case, path) => {
    await put('a/b', { body: 'old' });
    for (const headers of [{}, { 'if-none-match': '*' }]) {
      const expected = { status: 409, code: 2504, message: /in the way/ };
      await expectError(await put(path, { headers }), expected);
    }
    expect(await storedFiles(testApp)).toEqual(['stage/user/root/a/b']);
  });
});

describe('the conditions of a raw upload', () => {
  it.each([
    [{ 'if-none-match': 'etag' }, /double quotes/],
    [{ 'if-none-match': '*, "etag"' }, /double quotes/],
    [{ 'if-match': 'etag' }, /double quotes/],
    [{ 'if-match': '"one" "two"' }, /double quotes/],
    [{ 'if-match': '' }, /double quotes/],
  ])('may not be %j', async (headers, message) => {
    await put('f', { body: 'old' });
    await expectError(await put('f', { headers, body: 'new' }), { status: 400, message });
    expect(await client.content('~', 'f')).toBe('old');
  });
});

describe('the body of a raw upload', () => {
  it.each([
    ['a form', { 'content-type': FORM_TYPE }, 415, /-T file \(--upload-file\)/],
    ['a compressed body', { 'content-encoding': 'gzip' }, 415, /without Content-Encoding/],
    ['a body compressed twice', { 'content-encoding': 'identity, br' }, 415, /without Content-Encoding/],
    ['a piece of a file', { 'content-range': 'bytes 0-3/10' }, 400, /whole file/],
    ['one of a type that is no ASCII', { 'content-type': 'text/cs\xe9' }, 400, /content-type/],
  ])('may not be %s', async (_case, headers: Headers, status, message) => {
    const body = form(filePart('f'));
    const connection = await startPut({
      expect: '100-continue',
      'content-length': String(body.length),
      ...headers,
    });
    await expectError(await connection.expectAnswer(), { status, message });
    connection.leave();
    expect(await storedFiles(testApp)).toEqual([]);
  });

  it('may not be forgotten', async () => {
    await put('f', { body: 'old' });
    await expectError(await answerTo({}), { status: 411, message: /Content-Length: 0/ });
    expect(await client.content('~', 'f')).toBe('old');
    expect((await answerTo({ 'content-length': '0' })).status).toBe(200);
    expect(await client.content('~', 'f')).toBe('');
  });

  it('may be a compressed file, which stays compressed', async () => {
    const body = gzipSync('a,b');
    expect((await put('a.csv.gz', { headers: { 'content-encoding': 'identity' }, body })).status).toBe(201);
    const found = await client.send('/v1/stages/~/files/a.csv.gz');
    expect(Buffer.from(await found.arrayBuffer()).equals(body)).toBe(true);
  });

  it('may be chunked, byte by byte', async () => {
    const connection = await startPut({ 'transfer-encoding': 'chunked' });
    for (const byte of 'some content') await connection.write(`1\r\n${byte}\r\n`);
    await connection.write('0\r\n\r\n');
    expect((await connection.expectAnswer()).status).toBe(201);
    connection.leave();
    expect(await client.content('~', 'f')).toBe('some content');
  });

  it('is asked for when it is going to be read', async () => {
    const connection = await startPut({ expect: '100-continue', 'content-length': '7' });
    expect((await connection.answer())?.status).toBe(100);
    await connection.write('content');
    expect((await connection.expectAnswer()).status).toBe(201);
    connection.leave();
  });

  it.each([
    ['to an unknown stage', '/v1/stages/nowhere/files/f', {}, 404],
    ['without credentials', '/v1/stages/~/files/f', { authorization: '' }, 401],
    ['to a path that climbs', '/v1/stages/~/files/..%2Ff', {}, 400],
  ])('%s is not asked for', async (_case, path, headers: Headers, status) => {
    const connection = await client.start(`PUT ${path}`, {
      expect: '100-continue',
      'content-length': '40000000000',
      ...headers,
    });
    const answer = await connection.expectAnswer();
    expect(answer.status).toBe(status);
    expect(answer.headers.get('connection')).toBe('close');
    connection.leave();
  });

  it.each([
    ['with less than its Content-Length', { 'content-length': '20' }, 'x'.repeat(19)],
    ['without its last chunk', { 'transfer-encoding': 'chunked' }, '5\r\nxxxxx\r\n'],
    ['in the middle of a chunk', { 'transfer-encoding': 'chunked' }, '5\r\nxx'],
    ['with a malformed chunk', { 'transfer-encoding': 'chunked' }, '5\r\nxxxxx\r\nnonsense\r\n'],
  ])('that ends %s leaves the previous file', async (_case, headers: Headers, body) => {
    await put('f', { body: 'previous' });
    const connection = await startPut(headers, body);
    connection.finish();
    expect((await connection.answer())?.status ?? 400).toBe(400);
    await connection.closed();
    connection.leave();
    await eventually(async () => {
      expect(await storedFiles(testApp)).toEqual(['stage/user/root/f']);
    });
    expect(await client.content('~', 'f')).toBe('previous');
  });

  it('with more than its Content-Length is broken HTTP, and nothing of the rest is in a file', async () => {
    await put('f', { body: 'previous' });
    const connection = await startPut({ 'content-length': '5' }, 'firstGARBAGE\r\n\r\n');
    expect((await connection.expectAnswer()).status).toBe(400);
    await connection.closed();
    connection.leave();
    expect(['previous', 'first']).toContain(await client.content('~', 'f'));
  });

  it('comes several times on one connection', async () => {
    const head = { 'content-length': '5' };
    const connection = await startPut(head, 'one..');
    for (const next of ['two..', 'three']) {
      expect([200, 201]).toContain((await connection.expectAnswer()).status);
      await connection.write(
        Buffer.concat([client.head('PUT /v1/stages/~/files/f', head), Buffer.from(next)]),
      );
    }
    expect((await connection.expectAnswer()).status).toBe(200);
    connection.leave();
    expect(await client.content('~', 'f')).toBe('three');
  });

  it('of a client that leaves in its middle leaves the previous file and nothing else', async () => {
    await put('f', { body: 'previous' });
    const connection = await startPut({ 'content-length': '1000000000' }, Buffer.alloc(3 * MEBIBYTE));
    await eventually(async () => {
      expect(await storedFiles(testApp)).toHaveLength(2);
    });
    connection.leave();
    await eventually(async () => {
      expect(await storedFiles(testApp)).toEqual(['stage/user/root/f']);
    });
    expect(await client.content('~', 'f')).toBe('previous');
  });

  it('is not kept in memory', async () => {
    const before = process.memoryUsage.rss();
    const piece = Buffer.alloc(40 * MEBIBYTE);
    const connection = await startPut({ 'content-length': String(8 * piece.length) });
    let most = 0;
    for (let sent = 0; sent < 8; sent++) {
      await connection.write(piece);
      most = Math.max(most, process.memoryUsage.rss());
    }
    expect((await connection.expectAnswer()).status).toBe(201);
    connection.leave();
    expect(most - before).toBeLessThan(150 * MEBIBYTE);
  });
});

describe('a raw upload to a stage that is dropped meanwhile', () => {
  it('ends with 404 and leaves nothing', async () => {
    await client.createStage({ name: 's1' });
    const connection = await client.start('PUT /v1/stages/s1/files/late.csv', { 'content-length': '200000' });
    await connection.write(Buffer.alloc(100_000));
    expect((await client.send('/v1/stages/s1', { method: 'DELETE' })).status).toBe(204);
    await connection.write(Buffer.alloc(100_000));
    const expected = { status: 404, code: 2501, message: /'s1' does not exist/ };
    await expectError(await connection.expectAnswer(), expected);
    connection.leave();
    expect(await storedFiles(testApp)).toEqual([]);
  });
});

describe('a raw upload to a stage that is replaced meanwhile', () => {
  it('ends with 404, and its successor keeps what it holds', async () => {
    await client.createStage({ name: 's1' });
    const head = { 'content-length': '200000' };
    const connection = await client.start('PUT /v1/stages/s1/files/same.csv', head, Buffer.alloc(100_000));
    expect((await client.createStage({ name: 's1', or_replace: true })).status).toBe(201);
    expect((await put('same.csv', { stage: 's1', body: 'of the successor' })).status).toBe(201);
    await connection.write(Buffer.alloc(100_000));
    const expected = { status: 404, code: 2501, message: /'s1' does not exist/ };
    await expectError(await connection.expectAnswer(), expected);
    connection.leave();
    expect(await client.content('s1', 'same.csv')).toBe('of the successor');
    await client.send('/v1/stages/s1', { method: 'DELETE' });
  });
});

describe('a raw upload that falls silent', () => {
  it('is ended with 408 and leaves the previous file', async () => {
    const impatient = await startTestApp({ UPLOAD_IDLE_TIMEOUT_SECONDS: '1' });
    const one = new Client(impatient);
    try {
      await one.send('/v1/stages/~/files/f', { method: 'PUT', body: 'previous' });
      const connection = await one.start('PUT /v1/stages/~/files/f', { 'content-length': '1000000' }, 'x');
      await expectError(await connection.expectAnswer(), { status: 408, message: /Send it again/ });
      connection.leave();
      await eventually(async () => {
        expect(await storedFiles(impatient)).toEqual(['stage/user/root/f']);
      });
      expect(await one.content('~', 'f')).toBe('previous');
    } finally {
      await impatient.close();
    }
  });
});

describe('a shutdown that cuts a raw upload off', () => {
  it('ends when nothing of the upload is left', async () => {
    const folder = await temporaryFolder();
    const ending = await startTestApp({ INTERNAL_STORAGE_URL: `fs://${folder}/` });
    try {
      const head = { 'content-length': '9000000' };
      const connection = await new Client(ending).start(
        'PUT /v1/stages/~/files/f',
        head,
        Buffer.alloc(MEBIBYTE),
      );
      await eventually(async () => {
        expect(await filesBelow(folder)).toHaveLength(1);
      });
      await ending.close();
      expect(await filesBelow(folder)).toEqual([]);
      connection.leave();
    } finally {
      await removeFolder(folder);
    }
  });
});
