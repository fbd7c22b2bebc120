import { randomUUID } from 'node:crypto';
import { Client } from '../support/client.js';
import { expectError } from '../support/expectations.js';
import { BOUNDARY, filePart, form, FORM_TYPE } from '../support/form.js';
import { presigned } from '../support/presigned.js';
import type { RawAnswer, RawConnection } from '../support/raw-connection.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

// A reported case: `Content-Length` smaller than the body, and its kind.

let testApp: TestApp;
let client: Client;

beforeAll(async () => {
  testApp = await startTestApp();
  client = new Client(testApp);
});

afterAll(() => testApp.close());

/** Every answer until the server closes the connection. */
async function answersOn(connection: RawConnection): Promise<RawAnswer[]> {
  const answers: RawAnswer[] = [];
  for (;;) {
    const answer = await connection.answer();
    if (answer === undefined) return answers;
    answers.push(answer);
  }
}

const GOOD = 'a good file, whole';
const SENT = 'cut here|and the rest, which no Content-Length has counted';
const DECLARED = 'cut here|'.length;

type Route = readonly [name: string, head: (length: number) => Promise<Buffer>, body: string];

const FORM_WITH_SURPLUS = `${form(filePart('f.csv', 'new')).toString()}surplus`;
const ROUTES: readonly Route[] = [
  [
    'a raw upload',
    (length) =>
      Promise.resolve(client.head('PUT /v1/stages/~/files/f.csv', { 'content-length': String(length) })),
    SENT,
  ],
  [
    'a presigned upload',
    async (length) => {
      const { url } = await presigned(client, '~', { method: 'PUT', path: 'f.csv' });
      return client.head(`PUT ${new URL(url).pathname}`, { 'content-length': String(length) });
    },
    SENT,
  ],
];

async function openWith(bytes: Buffer | string): Promise<RawConnection> {
  const connection = await client.start('GET /health');
  await connection.expectAnswer();
  await connection.write(bytes);
  return connection;
}

describe.each(ROUTES)('%s with a Content-Length below its body', (_route, head, body) => {
  beforeEach(async () => {
    expect((await client.upload(form(filePart('f.csv', GOOD)))).status).toBe(200);
  });

  it.each(['at once', 'in pieces', 'byte by byte'])(
    'has one answer, and changes nothing where that is 400: sent %s',
    async (how) => {
      for (let round = 0; round < 10; round++) {
        const bytes = Buffer.concat([await head(DECLARED), Buffer.from(body)]);
        const step = how === 'at once' ? bytes.length : how === 'in pieces' ? 20 : 1;
        const connection = await openWith('');
        for (let at = 0; at < bytes.length; at += step) await connection.write(bytes.subarray(at, at + step));
        const answers = await answersOn(connection);
        expect(answers).toHaveLength(1);
        const [answer] = answers;
        const content = await client.content('~', 'f.csv');
        if (answer?.status === 400) expect(content).toBe(GOOD);
        else expect([answer?.status, content]).toEqual([200, body.slice(0, DECLARED)]);
        await client.upload(form(filePart('f.csv', GOOD)));
      }
    },
  );

  it('that comes in one write is refused by name, and leaves the good file', async () => {
    for (let round = 0; round < 20; round++) {
      const connection = await openWith(Buffer.concat([await head(DECLARED), Buffer.from(body)]));
      const [answer, ...others] = await answersOn(connection);
      expect(others).toEqual([]);
      if (answer === undefined) throw new Error('no answer');
      await expectError(answer, {
        status: 400,
        kind: 'SurplusBytes',
        message: /bytes, not characters.*Content-Length/,
      });
      expect(answer.headers.get('connection')).toBe('close');
      expect(await client.content('~', 'f.csv')).toBe(GOOD);
    }
  });

  it('whose rest comes after the answer has no second answer', async () => {
    const connection = await openWith(
      Buffer.concat([await head(DECLARED), Buffer.from(body.slice(0, DECLARED))]),
    );
    expect((await connection.expectAnswer()).status).toBe(200);
    await connection.write(body.slice(DECLARED));
    expect(await answersOn(connection)).toEqual([]);
  });
});

it('a form with more behind it than its Content-Length says leaves the good file', async () => {
  await client.upload(form(filePart('f.csv', GOOD)));
  const length = String(FORM_WITH_SURPLUS.length - 'surplus'.length);
  const head = client.head('PUT /v1/upload_to_stage', {
    stage_name: '~',
    'content-type': FORM_TYPE,
    'content-length': length,
  });
  const answers = await answersOn(await openWith(Buffer.concat([head, Buffer.from(FORM_WITH_SURPLUS)])));
  expect(answers.map(({ status }) => status)).toEqual([400]);
  expect(await client.content('~', 'f.csv')).toBe(GOOD);
});

it('a form whose Content-Length ends before its last line break is whole', async () => {
  const body = form(filePart('f.csv', 'new'));
  const head = client.head('PUT /v1/upload_to_stage', {
    stage_name: '~',
    'content-type': FORM_TYPE,
    'content-length': String(body.length - 2),
  });
  const connection = await openWith(Buffer.concat([head, body]));
  expect((await connection.expectAnswer()).status).toBe(200);
  connection.leave();
});

it('a JSON body with more behind it creates no stage', async () => {
  const name = `s${randomUUID().replaceAll('-', '')}`;
  const body = JSON.stringify({ name });
  const headers = { 'content-type': 'application/json', 'content-length': String(body.length) };
  const answers = await answersOn(await client.start('POST /v1/stages', headers, `${body}"surplus"`));
  expect(answers.map(({ status }) => status)).toEqual([400]);
  expect((await client.send(`/v1/stages/${name}`)).status).toBe(404);
});

describe('a removal with a body', () => {
  const chunked = { 'transfer-encoding': 'chunked' };

  it.each([
    ['that nobody has declared', {}, '{"a": 1}'],
    ['that is declared', { 'content-length': '8' }, '{"a": 1}'],
    ['that is declared and never comes', { 'content-length': '8' }, ''],
    ['that is whole, in chunks', chunked, '2\r\n{}\r\n0\r\n\r\n'],
    ['that is broken', chunked, 'zz\r\n'],
  ])('%s removes nothing, and is 400', async (_what, headers, body) => {
    await client.upload(form(filePart('kept.csv', GOOD)));
    await client.createStage({ name: 'kept' });
    for (const path of ['~/files/kept.csv', '~/files?prefix=kept', 'kept']) {
      const connection = await client.start(`DELETE /v1/stages/${path}`, headers, body);
      const [answer, ...others] = await answersOn(connection);
      expect([answer?.status, others]).toEqual([400, []]);
    }
    expect(await client.content('~', 'kept.csv')).toBe(GOOD);
    expect((await client.send('/v1/stages/kept')).status).toBe(200);
  });

  // Proxies send chunks without a byte where a client of HTTP/2 has sent a request without a length.
  it.each([
    ['a length', { 'content-length': '0' }, ''],
    ['chunks', chunked, '0\r\n\r\n'],
    ['chunks and a trailer', chunked, '0\r\nX-Trailer: 1\r\n\r\n'],
  ])('of no bytes, by %s, removes, and the connection goes on', async (_how, headers, body) => {
    await client.upload(form(filePart('gone.csv', GOOD)));
    const connection = await client.start('DELETE /v1/stages/~/files/gone.csv', headers, body);
    expect((await connection.expectAnswer()).status).toBe(200);
    await connection.write(Buffer.concat([client.head('GET /health')]));
    expect((await connection.expectAnswer()).status).toBe(200);
  });

  it('of no bytes, with a byte behind it, removes nothing', async () => {
    await client.upload(form(filePart('kept.csv', GOOD)));
    const connection = await client.start('DELETE /v1/stages/~/files/kept.csv', chunked, '0\r\n\r\nx');
    const [answer, ...others] = await answersOn(connection);
    expect([answer?.status, others]).toEqual([400, []]);
    expect(await client.content('~', 'kept.csv')).toBe(GOOD);
  });
});

it('requests in a pipeline are answered in their order, and bytes behind the last one by nothing', async () => {
  const put = (name: string): Buffer =>
    Buffer.concat([
      client.head(`PUT /v1/stages/~/files/${name}`, { 'content-length': '3' }),
      Buffer.from('abc'),
    ]);
  const connection = await client.start(
    'GET /health',
    {},
    Buffer.concat([put('p1'), put('p2'), Buffer.from('xyz')]),
  );
  const answers = await answersOn(connection);
  expect(answers.map(({ status }) => status)).toEqual([200, 201, 400]);
  expect(await client.names('~', '?prefix=p')).toEqual(['p1']);
});

it('a request that is malformed behind a good one does not take it back', async () => {
  const put = client.head('PUT /v1/stages/~/files/good', { 'content-length': '3' });
  const connection = await client.start('GET /health');
  await connection.expectAnswer();
  await connection.write(Buffer.concat([put, Buffer.from('abc')]));
  expect((await connection.expectAnswer()).status).toBe(201);
  await connection.write('GET /v1/stages HTTP/1.1\r\nbad header\r\n\r\n');
  await expectError(await connection.expectAnswer(), {
    status: 400,
    kind: 'MalformedHttp',
    message: /valid HTTP: one of its headers/,
  });
  expect(await answersOn(connection)).toEqual([]);
  expect(await client.content('~', 'good')).toBe('abc');
});

it.each([
  ['GET /health HTTP/1.1\r\nHost: x\nA: b\r\n\r\n', /CR LF/],
  ['GET /health HTTP/4.2\r\nHost: x\r\n\r\n', /version/],
  ['GET /\x7f HTTP/1.1\r\nHost: x\r\n\r\n', /percent-encoded/],
  ['GET /health HTTP/1.1\r\nHost: x\r\nContent-Length: z\r\n\r\n', /Content-Length/],
])('a request behind another one that begins %j is answered', async (bytes, message) => {
  const connection = await openWith(bytes);
  await expectError(await connection.expectAnswer(), { status: 400, kind: 'MalformedHttp', message });
});

describe('a body whose chunks are broken', () => {
  const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;

  it('has one answer, and stores nothing', async () => {
    for (let round = 0; round < 10; round++) {
      const headers = { 'transfer-encoding': 'chunked' };
      const connection = await client.start(
        'PUT /v1/stages/~/files/chunked',
        headers,
        `${chunk('abc')}zz\r\n`,
      );
      const answers = await answersOn(connection);
      expect(answers.map(({ status }) => status)).toEqual([400]);
      expect(await client.content('~', 'chunked')).toBeUndefined();
    }
  });

  it('of a form names the files that stay', async () => {
    const first = filePart('first', 'x').toString();
    const begun = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="u"; filename="second"\r\n\r\nhalf`;
    const connection = await client.startUpload({ 'transfer-encoding': 'chunked' }, chunk(first + begun));
    for (let listed: string[] = []; !listed.includes('first');) listed = await client.names('~');
    await connection.write('zz\r\n');
    const [answer] = await answersOn(connection);
    if (answer === undefined) throw new Error('no answer');
    const body = await expectError(answer, { status: 400, kind: 'BrokenBody', message: /HTTP.*chunk/ });
    expect(body.files).toEqual(['first']);
    expect(await client.names('~', '?prefix=second')).toEqual([]);
  });

  it('of JSON is refused', async () => {
    const headers = { 'content-type': 'application/json', 'transfer-encoding': 'chunked' };
    const answers = await answersOn(await client.start('POST /v1/stages', headers, `${chunk('{"na')}zz\r\n`));
    expect(answers.map(({ status }) => status)).toEqual([400]);
  });
});

it('HTTPS on this port is told to write http://', async () => {
  const connection = await client.start('GET /health');
  await connection.expectAnswer();
  connection.leave();
  const { RawConnection } = await import('../support/raw-connection.js');
  const tls = await RawConnection.open(testApp.port);
  await tls.write(Buffer.from([0x16, 0x03, 0x01, 0x00, 0x05, 0x01, 0x00, 0x00, 0x01, 0x03]));
  await expectError(await tls.expectAnswer(), { status: 400, message: /no TLS.*http:\/\// });
  tls.leave();
});

describe('requests that a connection brings without waiting for answers', () => {
  it('are run one after the other', async () => {
    const large = 'x'.repeat(3_000_000);
    const put = (body: string): string =>
      `${client.head('PUT /v1/stages/~/files/turn.csv', { 'content-length': String(body.length) }).toString()}${body}`;
    const line = (method: string, headers = {}): string =>
      client.head(`${method} /v1/stages/~/files/turn.csv`, headers).toString();
    const all = [
      put(large),
      put('second'),
      line('GET'),
      line('DELETE'),
      line('GET', { connection: 'close' }),
    ];
    const answers = await answersOn(await openWith(all.join('')));
    expect(answers.map(({ status }) => status)).toEqual([201, 200, 200, 200, 404]);
    expect(answers[2]?.body.toString()).toBe('second');
  });
});
