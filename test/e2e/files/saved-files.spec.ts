import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Client } from '../support/client.js';
import { form } from '../support/form.js';
import { presigned } from '../support/presigned.js';
import { SqlClient } from '../support/sql-client.js';
import { onEachStore } from '../support/stores.js';
import { removeFolder, startTestApp, temporaryFolder, type TestApp } from '../support/test-app.js';
import { partWith } from '../support/uploads.js';

const run = promisify(execFile);

// A reported case: `content-type` sent with an upload.
onEachStore('the content type of a file', (scene) => {
  const typeOf = async (name: string): Promise<(string | null)[]> => {
    const { client, store } = scene();
    const path = `/v1/stages/${store.stage}/files/${name}`;
    const get = await client.send(path);
    await get.arrayBuffer();
    const head = await client.send(path, { method: 'HEAD' });
    const etag = { 'if-none-match': get.headers.get('etag') ?? '' };
    expect((await client.send(path, { headers: etag })).status).toBe(304);
    const { url } = await presigned(client, store.stage, { method: 'GET', path: name });
    const signed = await fetch(url);
    await signed.arrayBuffer();
    const range = await client.send(path, { headers: { range: 'bytes=0-0' } });
    await range.arrayBuffer();
    return [get, head, signed, range].map(({ headers }) => headers.get('content-type'));
  };

  it.each(['text/csv', 'text/csv; charset=utf-16', 'application/x-ndjson;\ta=b', 'text/csv;  a="b  c"'])(
    'is kept where a raw upload says it: %s',
    async (type) => {
      const { client, store } = scene();
      const headers = { 'content-type': type, 'content-length': '3' };
      await client.request(`PUT /v1/stages/${store.stage}/files/f`, headers, 'a,b');
      expect(await typeOf('f')).toEqual(Array(4).fill(type.replace('\t', ' ')));
    },
  );

  it('is kept where a presigned upload says it', async () => {
    const { client, store } = scene();
    const asked = { method: 'PUT', path: 'f', content_type: 'text/csv' };
    const { url, headers } = await presigned(client, store.stage, asked);
    expect((await fetch(url, { method: 'PUT', headers, body: 'a,b' })).status).toBe(200);
    expect(await typeOf('f')).toEqual(Array(4).fill('text/csv'));
  });

  it('is kept of each part of a form', async () => {
    const { client, store } = scene();
    const body = form(
      partWith('f', 'a,b', { 'Content-Type': 'text/csv' }),
      partWith('g', '{}', { 'content-type': 'application/json' }),
    );
    expect((await client.upload(body, { stage_name: store.stage })).status).toBe(200);
    expect(await typeOf('f')).toEqual(Array(4).fill('text/csv'));
    expect(await typeOf('g')).toEqual(Array(4).fill('application/json'));
  });

  it('is that of the file that is there now', async () => {
    const { client, store } = scene();
    for (const type of ['text/csv', 'text/plain']) {
      const headers = { 'content-type': type, 'content-length': '3' };
      await client.request(`PUT /v1/stages/${store.stage}/files/f`, headers, 'a,b');
    }
    expect(await typeOf('f')).toEqual(Array(4).fill('text/plain'));
    await store.put('f', 'by somebody else');
    expect((await typeOf('f'))[0]).toBe('application/octet-stream');
  });

  it('is that of unknown bytes where nobody has said it', async () => {
    const { client, store } = scene();
    await client.request(`PUT /v1/stages/${store.stage}/files/f`, { 'content-length': '3' }, 'a,b');
    expect(await typeOf('f')).toEqual(Array(4).fill('application/octet-stream'));
  });
});

// A reported case: presigned URL under `curl -OJ`, `wget`.
describe('a presigned URL', () => {
  let testApp: TestApp;
  let client: Client;

  beforeAll(async () => {
    testApp = await startTestApp();
    client = new Client(testApp);
  });

  afterAll(() => testApp.close());

  const put = async (path: string): Promise<void> => {
    const url = `/v1/stages/~/files/${path.split('/').map(encodeURIComponent).join('/')}`;
    expect((await client.send(url, { method: 'PUT', body: 'content' })).status).toBeLessThan(300);
  };

  async function savedBy(url: string, options: readonly string[]): Promise<Record<string, string>> {
    const folder = await temporaryFolder();
    try {
      await run('curl', ['-sS', ...options, url], { cwd: folder });
      const names = await readdir(folder);
      const entries = names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const);
      return Object.fromEntries(await Promise.all(entries));
    } finally {
      await removeFolder(folder);
    }
  }

  const urlOf = async (path: string): Promise<string> =>
    (await presigned(client, '~', { method: 'GET', path })).url;

  it.each([
    ['dir/books.csv', 'books.csv'],
    [`${'deep/'.repeat(100)}books.csv`, 'books.csv'],
    ['two words.csv', 'two words.csv'],
    [`${'x'.repeat(250)}.csv`, `${'x'.repeat(196)}.csv`],
    ['数据.csv', '__.csv'],
  ])('of %j is saved by curl -OJ as %j', async (path, name) => {
    await put(path);
    expect(await savedBy(await urlOf(path), ['-OJ'])).toEqual({ [name]: 'content' });
    expect(await savedBy(await urlOf(path), ['-J', '-O'])).toEqual({ [name]: 'content' });
  });

  it.each([
    ['dir/books.csv', 'books.csv'],
    [`${'deep/'.repeat(100)}books.csv`, 'books.csv'],
    ['two words.csv', 'two%20words.csv'],
    [`${'数'.repeat(80)}.csv`, `${encodeURIComponent('数'.repeat(21))}.csv`],
  ])('of %j ends in a name after which curl -O saves it: %j', async (path, name) => {
    await put(path);
    const url = await urlOf(path);
    expect(url.slice(url.lastIndexOf('/') + 1)).toBe(name);
    expect(await savedBy(url, ['-O'])).toEqual({ [name]: 'content' });
  });

  it('of SQL ends in the name too', async () => {
    await put('dir/books.csv');
    for (const action of ['DOWNLOAD', 'UPLOAD']) {
      const { data } = await new SqlClient(client).run(`PRESIGN ${action} @~/dir/books.csv`);
      expect(data[0]?.[2]).toMatch(/\/v1\/presigned\/[\w-]+\.[\w-]+\/books\.csv$/);
    }
  });

  it('without the name, as earlier versions gave it, is as good', async () => {
    await put('books.csv');
    const url = await urlOf('books.csv');
    expect(await (await fetch(url.slice(0, url.lastIndexOf('/')))).text()).toBe('content');
    const upload = await presigned(client, '~', { method: 'PUT', path: 'books.csv' });
    const old = upload.url.slice(0, upload.url.lastIndexOf('/'));
    expect((await fetch(old, { method: 'PUT', body: 'new' })).status).toBe(200);
  });

  it('whose name is escaped in another way is the same, and with another name is none', async () => {
    await put("it's (1).csv");
    const url = await urlOf("it's (1).csv");
    const end = url.lastIndexOf('/') + 1;
    for (const name of ["it's%20(1).csv", 'it%27s%20%281%29.csv', '%69t%27s%20(1)%2Ecsv']) {
      expect((await fetch(url.slice(0, end) + name)).status).toBe(200);
    }
    for (const name of ['other.csv', '', 'it.csv/x']) {
      expect((await fetch(url.slice(0, end) + name)).status).toBe(403);
    }
  });
});
