import { setTimeout as delay } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { ThreadedWalk } from '../../../src/storage/providers/fs/read/threaded-walk.js';
import { Client } from '../support/client.js';
import { eventually, expectError } from '../support/expectations.js';
import { filePart, form } from '../support/form.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const FILES = ['A.csv', 'a/1.csv', 'a/2.CSV', 'a/b/3.csv', 'ab.csv', 'b.parquet', 'ü.csv', '数.csv'];
const STRANGE = ['with space', 'quo"te', '50%', '%41', 'a+b', 'a#b', 'a?b', 'é/日本', 'a&b=c'];

let testApp: TestApp;
let client: Client;

beforeAll(async () => {
  testApp = await startTestApp();
  client = new Client(testApp);
});

afterAll(() => testApp.close());

beforeEach(() => upload(...FILES));

afterEach(() => client.send('/v1/stages/~/files?prefix=', { method: 'DELETE' }));

async function upload(...names: readonly string[]): Promise<void> {
  const parts = names.map((name) => filePart(name.replace('"', '%22'), '0123456789'));
  const escapes = { 'user-agent': 'curl/8.5.0' };
  expect((await client.upload(form(...parts), escapes)).status).toBe(200);
}

async function remove(query: string): Promise<unknown> {
  return (await client.send(`/v1/stages/~/files${query}`, { method: 'DELETE' })).json();
}

async function get(headers: Readonly<Record<string, string>>, name = 'ab.csv'): Promise<Response> {
  return client.send(`/v1/stages/~/files/${name}`, { headers });
}

describe('a listing', () => {
  it('has rows of five columns, in byte order', async () => {
    const { files, next_cursor } = await client.page('~');
    expect(files.map((file) => file.name)).toEqual(FILES);
    expect(next_cursor).toBeNull();
    expect(files[0]).toEqual({
      name: 'A.csv',
      size: 10,
      md5: '781e5e245d69b566979b86e28d23f2c7',
      last_modified: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} \+0000$/) as string,
      creator: "'root'@'%'",
    });
  });

  it.each([
    ['?prefix=a', ['a/1.csv', 'a/2.CSV', 'a/b/3.csv', 'ab.csv']],
    ['?prefix=/a/', []],
    ['?prefix=a//b', []],
    ['?prefix=a/b', ['a/b/3.csv']],
    ['?prefix=nothing', []],
    ['?pattern=.*csv', ['A.csv', 'a/1.csv', 'a/b/3.csv', 'ab.csv', 'ü.csv', '数.csv']],
    ['?pattern=csv', []],
    ['?pattern=(?i)a.*csv', ['A.csv', 'a/1.csv', 'a/2.CSV', 'a/b/3.csv', 'ab.csv']],
    ['?pattern=A.csv|b', ['A.csv']],
    ['?pattern=..csv', ['A.csv', 'ü.csv', '数.csv']],
    ['?prefix=a/&pattern=\\d.csv', ['a/1.csv']],
  ])('by %s selects %j', async (query, expected) => {
    expect(await client.names('~', query)).toEqual(expected);
  });

  it('comes by pages, each after the last one', async () => {
    const names: string[] = [];
    let cursor: string | null = '';
    for (let page = 0; cursor !== null; page++) {
      const { files, next_cursor } = await client.page(
        '~',
        `?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      expect(files.length).toBeGreaterThan(0);
      names.push(...files.map((file) => file.name));
      cursor = next_cursor;
    }
    expect(names).toEqual(FILES);
  });

  it('has no next page where the last one is full', async () => {
    expect((await client.page('~', `?limit=${String(FILES.length)}`)).next_cursor).toBeNull();
  });

  it.each([
    ['?limit=0', 1006, /limit/],
    ['?limit=-1', 1006, /limit/],
    ['?limit=1000001', 1006, /limit/],
    ['?limit=x', 1006, /limit/],
    ['?limit=1&limit=2', 1006, /limit/],
    ['?prefix[a]=b', 1006, /prefix/],
    ['?perfix=a', 1006, /perfix/],
    ['?cursor=%21%21', 1006, /next_cursor/],
    ['?pattern=(', 1005, /[Pp]attern/],
    [`?pattern=${'a'.repeat(1001)}`, 1005, /1000 characters/],
    ['?pattern=((a{100}){100}){100}', 1005, /[Pp]attern/],
  ])('by %s is refused', async (query, code, message) => {
    await expectError(await client.send(`/v1/stages/~/files${query}`), { status: 400, code, message });
  });

  it('by a hostile pattern keeps nobody waiting', async () => {
    await upload(...Array.from({ length: 20 }, (_, index) => `${'a'.repeat(240)}${String(index)}`));
    const hostile = client.names('~', `?pattern=${encodeURIComponent('(a+)+(a|a)*(a?){50}b')}`);
    expect((await client.send('/health')).status).toBe(200);
    expect(await hostile).toEqual([]);
  });
});

describe('a download', () => {
  it('is the whole file, and is never run by a browser', async () => {
    const answer = await get({});
    expect(await answer.text()).toBe('0123456789');
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-length': '10',
      'content-type': 'application/octet-stream',
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      'content-disposition': `attachment; filename="ab.csv"; filename*=UTF-8''ab.csv`,
    });
  });

  it.each([
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=-2', '89', 'bytes 8-9/10'],
    ['bytes=-99', '0123456789', 'bytes 0-9/10'],
    ['bytes=8-99', '89', 'bytes 8-9/10'],
  ])('of %s is that part', async (range, text, contentRange) => {
    const answer = await get({ range });
    expect([answer.status, answer.headers.get('content-range')]).toEqual([206, contentRange]);
    expect(await answer.text()).toBe(text);
  });

  it.each(['bytes=10-', 'bytes=99-100', 'bytes=-0'])('of %s cannot be', async (range) => {
    const answer = await get({ range });
    expect(answer.headers.get('content-range')).toBe('bytes */10');
    await expectError(answer, { status: 416, code: 1006, message: /range/i });
  });

  it.each(['bytes=4-2', 'bytes=0-1,4-5', 'lines=1-2', 'bytes=x'])(
    'of %s is the whole file',
    async (range) => {
      const answer = await get({ range });
      expect([answer.status, await answer.text()]).toEqual([200, '0123456789']);
    },
  );

  it('is spared a client that has the file, and ranged only for one that has this version', async () => {
    const etag = (await get({})).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"[^"]+"$/);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const answer = await get({ 'if-none-match': known });
      expect([answer.status, await answer.text(), answer.headers.get('etag')]).toEqual([304, '', etag]);
    }
    expect((await get({ 'if-none-match': '"other"' })).status).toBe(200);
    expect((await get({ range: 'bytes=0-1', 'if-range': etag })).status).toBe(206);
    expect((await get({ range: 'bytes=0-1', 'if-range': '"other"' })).status).toBe(200);
  });

  it('is announced by HEAD', async () => {
    const answer = await client.send('/v1/stages/~/files/ab.csv', { method: 'HEAD' });
    expect([answer.status, answer.headers.get('content-length')]).toEqual([200, '10']);
    expect(await answer.text()).toBe('');
    expect((await client.send('/v1/stages/~/files/none', { method: 'HEAD' })).status).toBe(404);
  });

  it.each(STRANGE)('of a file named %j finds it, also with its slashes escaped', async (name) => {
    await upload(name);
    expect(await client.content('~', name.split('/').map(encodeURIComponent).join('/'))).toBe('0123456789');
    expect(await client.content('~', encodeURIComponent(name))).toBe('0123456789');
  });

  it.each(['none', 'a', 'ab.csv/below', 'a/b'])('of %s, which is no file, is 404', async (name) => {
    await expectError(await get({}, name), { status: 404, code: 3001, message: /no such/ });
  });

  it('that its client leaves harms nobody', async () => {
    expect((await client.upload(form(filePart('large', Buffer.alloc(30_000_000))))).status).toBe(200);
    for (const path of ['files/large', 'files?limit=1']) {
      const connection = await client.start(`GET /v1/stages/~/${path}`);
      connection.leave();
    }
    const half = await client.start('GET /v1/stages/~/files/large');
    half.leave();
    expect(await client.content('~', 'ab.csv')).toBe('0123456789');
    expect(testApp.logs()).not.toMatch(/"level":50/);
  });
});

describe('a listing that its client leaves', () => {
  const walks = jest.spyOn(ThreadedWalk.prototype, 'next');
  const closed = jest.spyOn(ThreadedWalk.prototype, 'close');
  const next = walks.getMockImplementation();

  afterAll(() => jest.restoreAllMocks());

  it.each([
    ['before its first row', 1],
    ['after it', 2],
  ])('%s is forgotten', async (_when, heldUp) => {
    await upload('z/1', 'z/2', 'z/3', 'z/4'); // more than the first rows
    let goOn: () => void = () => undefined;
    const mayGoOn = new Promise<void>((resolve) => (goOn = resolve));
    walks.mockClear();
    closed.mockClear();
    walks.mockImplementation(async function (this: ThreadedWalk, count) {
      if (walks.mock.calls.length === heldUp) await mayGoOn;
      if (next === undefined) throw new TypeError('There is no listing to hold up.');
      return next.call(this, count);
    });
    const connection = await client.start('GET /v1/stages/~/files');
    await eventually(() => {
      expect(walks).toHaveBeenCalledTimes(heldUp);
    });
    connection.leave();
    await delay(50);
    goOn();
    await eventually(() => {
      expect(closed.mock.contexts).toEqual([walks.mock.contexts[0]]);
    });
  });
});

describe('a removal', () => {
  it('of one file takes that one', async () => {
    expect(await remove('/ab.csv')).toEqual({ removed: 1 });
    expect(await client.names('~')).toEqual(FILES.filter((name) => name !== 'ab.csv'));
  });

  it('of a missing file is 404', async () => {
    const answer = await client.send('/v1/stages/~/files/none', { method: 'DELETE' });
    await expectError(answer, { status: 404, code: 3001, message: /no such/ });
  });

  it('by prefix and by pattern takes what they select', async () => {
    expect(await remove('?prefix=a/')).toEqual({ removed: 3 });
    expect(await remove('?pattern=..csv')).toEqual({ removed: 3 });
    expect(await remove('?prefix=nothing')).toEqual({ removed: 0 });
    expect(await client.names('~')).toEqual(['ab.csv', 'b.parquet']);
  });

  it('by nothing takes nothing', async () => {
    const answer = await client.send('/v1/stages/~/files', { method: 'DELETE' });
    await expectError(answer, { status: 400, code: 1006, message: /prefix, pattern/ });
    expect(await client.names('~')).toEqual(FILES);
  });
});
