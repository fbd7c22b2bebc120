import { Client, ROOT } from '../support/client.js';
import { expectError } from '../support/expectations.js';
import { filePart, form } from '../support/form.js';
import { presigned } from '../support/presigned.js';
import { RawConnection, type RawAnswer } from '../support/raw-connection.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

// What two readers could understand as different requests (RFC 9112 3.2 and 6.1, RFC 9110 5.3).

let testApp: TestApp;
let client: Client;

beforeAll(async () => {
  testApp = await startTestApp();
  client = new Client(testApp);
  expect((await client.upload(form(filePart('f.csv', 'good')))).status).toBe(200);
});

afterAll(() => testApp.close());

async function sent(lines: readonly string[], body = ''): Promise<RawAnswer> {
  const connection = await RawConnection.open(testApp.port);
  await connection.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
  return connection.expectAnswer();
}

const HOST = 'Host: localhost';
const AUTH = `Authorization: ${ROOT}`;
const EARLY = 'If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT';
const LATE = 'If-Unmodified-Since: Fri, 01 Jan 2077 00:00:00 GMT';
const BODY = ['Content-Length: 3'];
const REPEATED: readonly (readonly [name: string, lines: readonly string[]])[] = [
  ['Host', [HOST, HOST]],
  ['Host', [HOST, 'Host: elsewhere']],
  ['Content-Type', [HOST, 'Content-Type: text/csv', 'Content-Type: application/json']],
  ['If-Unmodified-Since', [HOST, LATE, EARLY]],
  ['If-Modified-Since', [HOST, ...[LATE, EARLY].map((line) => line.replace('Un', '').replace('m', 'M'))]],
  ['If-Range', [HOST, 'If-Range: "a"', 'If-Range: "b"']],
  ['Range', [HOST, 'Range: bytes=0-0', 'Range: bytes=1-1']],
];

describe('a header that a request may have once', () => {
  it.each(REPEATED)('is refused where it comes twice: %s', async (name, lines) => {
    const { url } = await presigned(client, '~', { method: 'PUT', path: 'f.csv' });
    const requests = [
      ...['GET', 'HEAD', 'DELETE', 'PUT'].map((method) => `${method} /v1/stages/~/files/f.csv HTTP/1.1`),
      `PUT ${new URL(url).pathname} HTTP/1.1`,
      'PUT /v1/upload_to_stage HTTP/1.1',
      'GET /v1/stages HTTP/1.1',
    ];
    for (const line of requests) {
      const isPut = line.startsWith('PUT');
      const answer = await sent([line, AUTH, ...lines, ...(isPut ? BODY : [])], isPut ? 'new' : '');
      expect([line, answer.status]).toEqual([line, 400]);
      if (!line.startsWith('HEAD')) {
        const message = new RegExp(`the header ${name} twice`, 'i');
        await expectError(answer, { status: 400, kind: 'MalformedHttp', message });
      }
    }
    expect(await client.content('~', 'f.csv')).toBe('good');
  });

  it('is taken where it says the same again', async () => {
    const type = 'Content-Type: text/csv';
    const lines = ['PUT /v1/stages/~/files/same.csv HTTP/1.1', HOST, AUTH, type, type, ...BODY];
    expect((await sent(lines, 'abc')).status).toBe(201);
  });
});

describe('a target with a host', () => {
  it.each(['http://localhost', 'HTTP://LOCALHOST'])(
    'is taken where Host says the same: %s',
    async (origin) => {
      const answer = await sent([`GET ${origin}/v1/stages/~/files/f.csv HTTP/1.1`, HOST, AUTH]);
      expect([answer.status, answer.body.toString()]).toEqual([200, 'good']);
    },
  );

  it('names a file whose bytes are no UTF-8 as any other target does', async () => {
    const path = '/v1/stages/~/files/%ff.csv';
    const statuses = ['', 'http://localhost'].map(async (origin) => {
      return (await sent([`GET ${origin}${path} HTTP/1.1`, HOST, AUTH])).status;
    });
    expect(await Promise.all(statuses)).toEqual([404, 404]);
  });

  it.each([
    ['http://evil.example/v1/stages', HOST],
    ['http://localhost/v1/stages', 'Host: evil.example'],
    ['http://localhost:8000/v1/stages', HOST],
    ['http://user@localhost/v1/stages', HOST],
    ['http:///v1/stages', HOST],
    ['ws://evil.example/v1/stages', HOST],
  ])('is refused where Host says another: %s with %s', async (target, host) => {
    await expectError(await sent([`GET ${target} HTTP/1.1`, host, AUTH]), {
      status: 400,
      kind: 'MalformedHttp',
      message: /not valid HTTP/,
    });
  });
});

it.each([
  'evil@localhost',
  'localhost/x',
  'localhost?x',
  'localhost#x',
  'localhost\\x',
  'localhost:x',
  'a b',
  '[::1',
])('the Host %j is refused', async (host) => {
  await expectError(await sent(['GET /v1/stages HTTP/1.1', `Host: ${host}`, AUTH]), {
    status: 400,
    kind: 'MalformedHttp',
    message: /Host/,
  });
});

it('HTTP/1.0 with chunks is refused, and its connection ends', async () => {
  const headers = [AUTH, 'Connection: keep-alive', 'Transfer-Encoding: chunked'];
  const lines = ['PUT /v1/stages/~/files/f.csv HTTP/1.0', HOST, ...headers];
  const answer = await sent(lines, '3\r\nnew\r\n0\r\n\r\n');
  expect(answer.headers.get('connection')).toBe('close');
  await expectError(answer, { status: 400, kind: 'MalformedHttp', message: /HTTP\/1\.0.*Content-Length/ });
  expect(await client.content('~', 'f.csv')).toBe('good');
});

describe('CONNECT', () => {
  it('is answered by 405, and its connection ends', async () => {
    const answer = await sent(['CONNECT example.com:443 HTTP/1.1', 'Host: example.com:443']);
    expect([answer.headers.get('allow'), answer.headers.get('connection')]).toEqual(['', 'close']);
    await expectError(answer, { status: 405, kind: 'MethodNotAllowed', message: /CONNECT.*no proxy/ });
  });

  it('waits for the answer before it', async () => {
    const connection = await client.start('GET /v1/stages/~/files/f.csv');
    await connection.write('CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n');
    expect((await connection.expectAnswer()).body.toString()).toBe('good');
    expect((await connection.expectAnswer()).status).toBe(405);
    await connection.closed();
  });
});

it('HEAD is answered as GET on every route of a query', async () => {
  const start = async (): Promise<string> => {
    const answer = await client.postJson('/v1/query', {
      sql: 'LIST @~',
      pagination: { max_rows_per_page: 1 },
    });
    return ((await answer.json()) as { readonly id: string }).id;
  };
  for (const act of ['', '/final', '/kill']) {
    const id = await start();
    expect((await client.request(`HEAD /v1/query/${id}${act}`)).status).toBe(200);
  }
});
