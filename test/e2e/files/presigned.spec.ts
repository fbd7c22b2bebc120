import { setTimeout as delay } from 'node:timers/promises';
import { OPERATOR } from '../../../src/access/principal.js';
import { UserCatalog } from '../../../src/people/accounts/user-catalog.js';
import { UserService } from '../../../src/users/accounts/user.service.js';
import { newDatabaseUrl } from '../../support/test-database.js';
import { basic, Client, type Headers } from '../support/client.js';
import { expectError } from '../support/expectations.js';
import { BOUNDARY, filePart, form } from '../support/form.js';
import { follow, presigned, type PresignedUrl } from '../support/presigned.js';
import { RawConnection } from '../support/raw-connection.js';
import { removeFolder, startTestApp, temporaryFolder, type TestApp } from '../support/test-app.js';

const PASSWORD = 'password of ann';
const DOWNLOAD = { method: 'GET', path: 'dir/a.csv' };
const UPLOAD = { method: 'PUT', path: 'dir/a.csv' };
const KEY = Buffer.alloc(32, 7).toString('base64');

let testApp: TestApp;
let client: Client;

beforeAll(async () => {
  testApp = await startTestApp({ CONNECTION_KEY: KEY, TRUSTED_PROXIES: '127.0.0.1' });
  client = new Client(testApp);
});

afterAll(() => testApp.close());

beforeEach(async () => {
  await putFile('0123456789');
});

async function putFile(content: string, stage = '~'): Promise<void> {
  const answer = await client.upload(form(filePart(DOWNLOAD.path, content)), { stage_name: stage });
  expect(answer.status).toBe(200);
}

async function ask(body: unknown, stage = '~'): Promise<Response> {
  return client.postJson(`/v1/stages/${stage}/presign`, body);
}

/** The URL's path, for a connection of one's own. */
function pathOf({ url }: PresignedUrl): string {
  return new URL(url).pathname;
}

async function expectRefused(url: PresignedUrl, message: RegExp): Promise<void> {
  await expectError(await follow(url, 'of somebody'), { status: 403, code: 1063, message });
}

describe('a presigned URL', () => {
  it('is told with its method, its headers and its end', async () => {
    const before = Date.now();
    const url = await presigned(client, '~', { ...UPLOAD, method: 'put', expires_in_seconds: 60 });
    expect(Object.keys(url)).toEqual(['method', 'url', 'headers', 'expires_at']);
    expect(url).toMatchObject({ method: 'PUT', headers: {} });
    expect(url.url).toMatch(new RegExp(`^${testApp.url}/v1/presigned/[\\w-]+\\.[\\w-]+/a\\.csv$`));
    const livesMs = new Date(url.expires_at).getTime() - before;
    expect(livesMs).toBeGreaterThanOrEqual(60_000);
    expect(livesMs).toBeLessThan(70_000);
  });

  it('is not for a cache', async () => {
    const answer = await ask(DOWNLOAD);
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
  });

  it.each<[string, unknown, RegExp]>([
    ['no method', { path: 'a' }, /method/],
    ['another method', { method: 'DELETE', path: 'a' }, /method: must be GET or PUT/],
    ['no path', { method: 'GET' }, /path/],
    ['a path out of the stage', { method: 'GET', path: '../a' }, /'\.\.'/],
    ['a path of no file', { method: 'GET', path: '' }, /must name a file/],
    ['an upload of no file', { method: 'PUT', path: 'dir/' }, /not a directory/],
    ['a path that climbs', { method: 'GET', path: 'a/../b' }, /'\.\.'/],
    ['no time', { ...DOWNLOAD, expires_in_seconds: 0 }, /1 second to 7 days/],
    ['more than seven days', { ...DOWNLOAD, expires_in_seconds: 604_801 }, /1 second to 7 days/],
    ['a time that is a text', { ...DOWNLOAD, expires_in_seconds: '60' }, /expires_in_seconds/],
    ['a content type that no header holds', { ...UPLOAD, content_type: 'a\r\nb: c' }, /content type/],
    ['a form', { ...UPLOAD, content_type: 'multipart/form-data' }, /no form/],
    ['a size below nothing', { ...UPLOAD, max_bytes: -1 }, /whole number/],
    ['a content type for a download', { ...DOWNLOAD, content_type: 'text/csv' }, /for PUT alone/],
    ['a size for a download', { ...DOWNLOAD, max_bytes: 0 }, /for PUT alone/],
    ['a field that is unknown', { ...DOWNLOAD, expires: 1 }, /expires/],
    ['no object', [], /./],
  ])('is not given for %s', async (_what, body, message) => {
    await expectError(await ask(body), { status: 400, code: 1006, message });
  });

  it('is not given for a stage that is not there', async () => {
    await expectError(await ask(DOWNLOAD, 'nowhere'), { status: 404, code: 2501, message: /nowhere/ });
  });

  it('is given to those alone who may do what it is for', async () => {
    await testApp.app.get(UserService).save('ann', PASSWORD, { isAdmin: false });
    await client.createStage({ name: 'closed' });
    const ann = new Client(testApp, basic('ann', PASSWORD));
    for (const asked of [DOWNLOAD, UPLOAD]) {
      const answer = await ann.postJson('/v1/stages/closed/presign', asked);
      await expectError(answer, { status: 404, code: 2501, message: /Stage 'closed' does not exist/ });
    }
    await presigned(ann, '~', UPLOAD);
    await client.send('/v1/stages/closed', { method: 'DELETE' });
  });
});

describe('a download by its URL', () => {
  it('is the download that credentials get', async () => {
    const { url } = await presigned(client, '~', DOWNLOAD);
    const [signed, authenticated] = await Promise.all([
      fetch(url),
      client.send('/v1/stages/~/files/dir/a.csv'),
    ]);
    expect([signed.status, await signed.text()]).toEqual([200, '0123456789']);
    const own = ['date', 'x-request-id'];
    const headersOf = ({ headers }: Response): object =>
      Object.fromEntries([...headers].filter(([name]) => !own.includes(name)));
    expect(headersOf(signed)).toEqual(headersOf(authenticated));
    expect(signed.headers.get('cache-control')).toMatch(/^private/);
    await authenticated.text();
  });

  it.each<[string, Headers, number, string]>([
    ['a range', { range: 'bytes=2-4' }, 206, '234'],
    ['the last bytes', { range: 'bytes=-3' }, 206, '789'],
    ['a range that fits none', { range: 'bytes=99-' }, 416, ''],
  ])('may be of %s', async (_what, headers, status, text) => {
    const { url } = await presigned(client, '~', DOWNLOAD);
    const answer = await fetch(url, { headers });
    const body = await answer.text();
    expect(answer.status).toBe(status);
    if (status === 206) expect(body).toBe(text);
  });

  it('is 304 for who has the file', async () => {
    const { url } = await presigned(client, '~', DOWNLOAD);
    const etag = (await fetch(url)).headers.get('etag') ?? '';
    const again = await fetch(url, { headers: { 'if-none-match': etag } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    const range = { 'if-range': '"another"', range: 'bytes=0-1' };
    expect(await (await fetch(url, { headers: range })).text()).toBe('0123456789');
  });

  it('may begin with HEAD', async () => {
    const { url } = await presigned(client, '~', DOWNLOAD);
    const answer = await fetch(url, { method: 'HEAD' });
    expect([answer.status, answer.headers.get('content-length'), await answer.text()]).toEqual([
      200,
      '10',
      '',
    ]);
  });

  it('is 404 where there is no file, which no cache may keep', async () => {
    const { url } = await presigned(client, '~', { method: 'GET', path: 'nothing.csv' });
    const answer = await fetch(url);
    expect(answer.headers.get('cache-control')).toBe('private, no-store');
    await expectError(answer, { status: 404, code: 3001, message: /./ });
  });

  it('does not look at credentials', async () => {
    const url = pathOf(await presigned(client, '~', DOWNLOAD));
    for (const authorization of [basic('root', 'wrong'), 'Bearer nothing', 'nonsense']) {
      expect((await client.request(`GET ${url}`, { authorization })).status).toBe(200);
    }
  });
});

describe('an upload by its URL', () => {
  it('is answered with 200 and the row of the file, new or not', async () => {
    const url = await presigned(client, '~', { method: 'PUT', path: 'new/b.csv' });
    for (const content of ['first', 'second']) {
      const answer = await follow(url, content);
      const { files } = await client.page('~', '?prefix=new/b.csv');
      expect([answer.status, await answer.json()]).toEqual([200, files[0]]);
      expect(await client.content('~', 'new/b.csv')).toBe(content);
    }
  });

  it('does not look at credentials', async () => {
    const url = pathOf(await presigned(client, '~', UPLOAD));
    const headers = { authorization: basic('root', 'wrong'), 'content-length': '3' };
    expect((await client.request(`PUT ${url}`, headers, 'abc')).status).toBe(200);
    expect(await client.content('~', UPLOAD.path)).toBe('abc');
  });

  it('may be for a file alone that is not there yet', async () => {
    const url = await presigned(client, '~', UPLOAD);
    const answer = await follow({ ...url, headers: { 'if-none-match': '*' } }, 'another');
    await expectError(answer, { status: 412, code: 2504, message: /there already/ });
    expect(await client.content('~', UPLOAD.path)).toBe('0123456789');
  });

  it.each<[string, Headers, string]>([
    ['in chunks', { 'transfer-encoding': 'chunked' }, '3\r\nabc\r\n0\r\n\r\n'],
    ['of a length that was told', { 'content-length': '3' }, 'abc'],
  ])('may ask before it sends, as curl does: a body %s', async (_how, framing, body) => {
    const url = pathOf(await presigned(client, '~', UPLOAD));
    const connection = await client.start(`PUT ${url}`, { ...framing, expect: '100-continue' });
    expect((await connection.expectAnswer()).status).toBe(100);
    await connection.write(body);
    expect((await connection.expectAnswer()).status).toBe(200);
    connection.leave();
    expect(await client.content('~', UPLOAD.path)).toBe('abc');
  });

  it('must be of the content type that was asked for', async () => {
    const url = await presigned(client, '~', { ...UPLOAD, content_type: 'text/csv; charset=utf-8' });
    expect(url.headers).toEqual({ 'content-type': 'text/csv; charset=utf-8' });
    for (const type of ['text/csv', 'text/html', undefined]) {
      const headers = type === undefined ? {} : { 'content-type': type };
      await expectRefused({ ...url, headers }, /Content-Type: text\/csv; charset=utf-8/);
    }
    expect(await client.content('~', UPLOAD.path)).toBe('0123456789');
    expect((await follow(url, 'a,b')).status).toBe(200);
    const same = { ...url, headers: { 'content-type': 'Text/CSV;charset="UTF-8"' } };
    expect((await follow(same, 'a,b')).status).toBe(200);
  });

  it.each([true, false])(
    'may not be longer than was asked for (its length declared: %s)',
    async (isDeclared) => {
      const url = await presigned(client, '~', { ...UPLOAD, max_bytes: 5 });
      const framing: Headers = isDeclared ? { 'content-length': '6' } : { 'transfer-encoding': 'chunked' };
      const body = isDeclared ? '123456' : '6\r\n123456\r\n0\r\n\r\n';
      const answer = await client.request(`PUT ${pathOf(url)}`, { ...framing, authorization: '' }, body);
      await expectError(answer, { status: 413, code: 413, message: /at most 5 bytes/ });
      expect(await client.content('~', UPLOAD.path)).toBe('0123456789');
      expect((await follow(url, '12345')).status).toBe(200);
    },
  );

  it('is no form: its envelope would be the file', async () => {
    const url = await presigned(client, '~', UPLOAD);
    const headers = { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` };
    const answer = await follow({ ...url, headers }, form(filePart('a.csv')).toString());
    await expectError(answer, { status: 415, message: /the file itself, not a form/ });
    expect(await client.content('~', UPLOAD.path)).toBe('0123456789');
  });

  it('that is cut leaves what was there', async () => {
    const url = pathOf(await presigned(client, '~', UPLOAD));
    const connection = await client.start(`PUT ${url}`, { 'content-length': '100' }, 'only so much');
    connection.leave();
    await delay(100);
    expect(await client.content('~', UPLOAD.path)).toBe('0123456789');
  });
});

describe('a presigned URL is refused', () => {
  it('when it has expired, and says when', async () => {
    const asked = { ...DOWNLOAD, expires_in_seconds: 1 };
    const url = await presigned(client, '~', asked);
    const early = await follow(url);
    expect([early.status, await early.text()]).toEqual([200, '0123456789']);
    await delay(new Date(url.expires_at).getTime() - Date.now() + 5);
    await expectRefused(url, new RegExp(`expired at ${url.expires_at.replaceAll('.', '\\.')}`));
  });

  it.each<[string, (token: string) => string]>([
    ['in its first character', (token) => `f${token.slice(1)}`],
    ['in what it says', (token) => changedAt(token, 30)],
    ['in the last character of what it says', (token) => changedAt(token, token.indexOf('.') - 1)],
    ['in its signature', (token) => changedAt(token, token.indexOf('.') + 5)],
    ['in its last character', (token) => changedAt(token, token.length - 1)],
    ['by a missing end', (token) => token.slice(0, -1)],
    ['by a longer end', (token) => `${token}A`],
    ['by a slash at its end', (token) => `${token}/`],
    ['by more path', (token) => `${token}/dir/b.csv`],
    ['by an escape', (token) => token.replace('.', '%2E')],
    ['to a signature alone', (token) => token.slice(token.indexOf('.'))],
    ['to nothing that was ever signed', () => 'token'],
  ])('when it was changed %s', async (_how, change) => {
    for (const asked of [DOWNLOAD, UPLOAD]) {
      const url = await presigned(client, '~', asked);
      const [base = '', token = ''] = url.url.split(/(?<=presigned\/)/);
      await expectRefused({ ...url, url: base + change(token) }, /was not signed by this server/);
    }
    expect(await client.content('~', UPLOAD.path)).toBe('0123456789');
  });

  it.each([
    ['GET', 'PUT', /for GET and HEAD, not for PUT/],
    ['PUT', 'GET', /for PUT, not for GET/],
    // No URL is for any of them.
    ['GET', 'DELETE', /not allowed: DELETE/],
    ['PUT', 'POST', /not allowed: POST/],
    ['PUT', 'PATCH', /not allowed: PATCH/],
  ])('when it is for %s and is used for %s', async (method, used, message) => {
    const { url } = await presigned(client, '~', { ...DOWNLOAD, method });
    await expectError(await fetch(url, { method: used }), { status: 405, kind: 'MethodNotAllowed', message });
    expect(await client.content('~', DOWNLOAD.path)).toBe('0123456789');
  });

  it('for PUT when it is used for HEAD', async () => {
    const { url } = await presigned(client, '~', UPLOAD);
    const answer = await fetch(url, { method: 'HEAD' });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'PUT']);
  });

  it('when its stage was dropped, and when another one has its name', async () => {
    await client.createStage({ name: 'brief' });
    await putFile('of the first', 'brief');
    const urls = [await presigned(client, 'brief', DOWNLOAD), await presigned(client, 'brief', UPLOAD)];
    expect((await client.send('/v1/stages/brief', { method: 'DELETE' })).status).toBe(204);
    for (const url of urls) await expectRefused(url, /its stage was dropped, or the user/);
    await client.createStage({ name: 'brief' });
    await putFile('of the second', 'brief');
    for (const url of urls) await expectRefused(url, /another one has its name/);
    expect(await client.content('brief', DOWNLOAD.path)).toBe('of the second');
    await client.send('/v1/stages/brief', { method: 'DELETE' });
  });

  it('when its user is gone', async () => {
    await testApp.app.get(UserService).save('eve', PASSWORD, { isAdmin: false });
    const url = await presigned(new Client(testApp, basic('eve', PASSWORD)), '~', UPLOAD);
    expect((await follow(url, 'of eve')).status).toBe(200);
    await testApp.app.get(UserCatalog).drop('eve', { kind: 'remove' }, OPERATOR);
    await expectRefused(url, /the user who asked for it is gone/);
  });

  it('when its user has lost the right to the stage', async () => {
    const users = testApp.app.get(UserService);
    await users.save('bob', PASSWORD, { isAdmin: true });
    await client.createStage({ name: 'shared' });
    const bob = new Client(testApp, basic('bob', PASSWORD));
    const urls = [await presigned(bob, 'shared', UPLOAD), await presigned(bob, 'shared', DOWNLOAD)];
    const own = await presigned(bob, '~', UPLOAD);
    for (const url of [...urls, own]) expect((await follow(url, 'of bob')).status).toBe(200);
    await users.save('bob', PASSWORD, { isAdmin: false });
    for (const url of urls) await expectRefused(url, /may not do so any more/);
    expect((await follow(own, 'of bob')).status).toBe(200);
    await client.send('/v1/stages/shared', { method: 'DELETE' });
  });
});

describe('where a presigned URL leads', () => {
  async function baseFor(port: number, headers: Headers): Promise<string> {
    const body = JSON.stringify(DOWNLOAD);
    const all = {
      'content-type': 'application/json',
      'content-length': String(body.length),
      // A forwarded request of a user without a password is not local any more.
      authorization: basic('carl', PASSWORD),
      ...headers,
    };
    const answer = await new Client({ port }).request('POST /v1/stages/~/presign', all, body);
    expect(answer.status).toBe(200);
    const { url } = JSON.parse(answer.body.toString()) as PresignedUrl;
    return url.slice(0, url.indexOf('/v1/presigned/'));
  }

  beforeAll(async () => {
    await testApp.app.get(UserService).save('carl', PASSWORD, { isAdmin: false });
  });

  it.each<[string, Headers, string]>([
    ['to the host that was asked', { host: 'stages.example:8000' }, 'http://stages.example:8000'],
    [
      'to the proxy in front, by X-Forwarded-*',
      {
        host: 'inner:8000',
        'x-forwarded-proto': 'https',
        'x-forwarded-host': 'files.example',
        'x-forwarded-prefix': '/eu',
      },
      'https://files.example/eu',
    ],
    [
      'to the proxy in front, by Forwarded',
      { host: 'inner:8000', forwarded: 'for=192.0.2.1;host="files.example:8443";proto=https' },
      'https://files.example:8443',
    ],
    [
      'to the next word where a host cannot be one',
      { host: 'inner:8000', 'x-forwarded-host': 'a b' },
      'http://inner:8000',
    ],
  ])('is %s', async (_where, headers, expected) => {
    expect(await baseFor(testApp.port, headers)).toBe(expected);
  });

  it('is where it came in when the request names no host', async () => {
    const body = JSON.stringify(DOWNLOAD);
    const lines = [
      'POST /v1/stages/~/presign HTTP/1.0',
      `authorization: ${basic('carl', PASSWORD)}`,
      'content-type: application/json',
      `content-length: ${String(body.length)}`,
    ];
    const connection = await RawConnection.open(testApp.port);
    await connection.write(`${lines.join('\r\n')}\r\n\r\n${body}`);
    const { url } = JSON.parse((await connection.expectAnswer()).body.toString()) as PresignedUrl;
    connection.leave();
    expect(new URL(url).origin).toBe(testApp.url);
  });
});

describe('the base of presigned URLs', () => {
  it('is what the settings say, path and all', async () => {
    await withApps([{ PUBLIC_URL: 'https://files.example/stages/' }], async ({ url: actual }, direct) => {
      await direct.upload(form(filePart(DOWNLOAD.path, 'content')));
      const { url } = await presigned(direct, '~', DOWNLOAD);
      expect(url.startsWith('https://files.example/stages/v1/presigned/')).toBe(true);
      const answer = await fetch(url.replace('https://files.example/stages', actual));
      expect([answer.status, await answer.text()]).toEqual([200, 'content']);
    });
  });
});

describe('two servers', () => {
  it('with one database and one key serve the URLs of each other', async () => {
    const folder = await temporaryFolder();
    const shared = {
      CONNECTION_KEY: KEY,
      DATABASE_URL: await newDatabaseUrl(),
      INTERNAL_STORAGE_URL: `fs://${folder}/internal/`,
    };
    await withApps([shared, shared], async (here, client, there) => {
      await client.createStage({ name: 'common' });
      const upload = await presigned(client, 'common', UPLOAD);
      const elsewhere = { ...upload, url: upload.url.replace(here.url, there.url) };
      expect((await follow(elsewhere, 'content')).status).toBe(200);
      expect(await client.content('common', UPLOAD.path)).toBe('content');
      const { url } = await presigned(new Client(there), 'common', DOWNLOAD);
      await client.send('/v1/stages/common', { method: 'DELETE' });
      for (const each of [url, url.replace(there.url, here.url)]) {
        await expectError(await fetch(each), { status: 403, code: 1063, message: /its stage was dropped/ });
      }
    });
    await removeFolder(folder);
  });

  it('with keys of their own do not', async () => {
    await withApps([{}, {}], async (here, client, there) => {
      const url = await presigned(client, '~', DOWNLOAD);
      const elsewhere = { ...url, url: url.url.replace(here.url, there.url) };
      await expectRefused(elsewhere, /was not signed by this server/);
    });
  });
});

describe('the token of a presigned URL', () => {
  it('is in no line of the log, however it is used', async () => {
    await withApps([{}], async (logging, client) => {
      const url = await presigned(client, '~', DOWNLOAD);
      const path = pathOf(url);
      const [, , , token = ''] = path.split('/');
      const misuses = [
        `/v1/presigned/${token}`,
        `${path}?x=y`,
        `${path}/x`,
        `${path}%zz`,
        `/prefix${path}`,
        path.replace('v1', 'V1'),
      ];
      for (const target of [path, ...misuses]) {
        for (const method of ['GET', 'HEAD', 'PUT', 'DELETE']) {
          await client.request(`${method} ${target}`, { 'content-length': '0' });
        }
      }
      expect(logging.logs()).toContain('"url":"/v1/presigned/***"');
      expect(logging.logs()).toContain('was not signed by this server');
      expect(logging.logs()).toContain('There is nothing at /prefix/v1/presigned/***');
      for (const part of token.split('.')) expect(logging.logs()).not.toContain(part);
    });
  });
});

/** Another letter in its place, so that the bytes behind it change too. */
function changedAt(token: string, place: number): string {
  return token.slice(0, place) + (token[place] === 'A' ? 'B' : 'A') + token.slice(place + 1);
}

/** Applications of one test: they share what a process has only once, such as the logger and the ways to sign in. */
async function withApps(
  settings: readonly Readonly<Record<string, string>>[],
  run: (first: TestApp, client: Client, last: TestApp) => Promise<void>,
): Promise<void> {
  const apps: TestApp[] = [];
  try {
    for (const each of settings) apps.push(await startTestApp(each));
    const [first] = apps;
    const last = apps.at(-1);
    if (first !== undefined && last !== undefined) await run(first, new Client(first), last);
  } finally {
    for (const app of apps) await app.close();
  }
}
