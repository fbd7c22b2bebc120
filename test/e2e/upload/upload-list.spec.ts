import { randomUUID } from 'node:crypto';
import { UserService } from '../../../src/users/accounts/user.service.js';
import { basic, Client, success, type Headers } from '../support/client.js';
import { hexMd5 } from '../support/digests.js';
import { eventually, expectError } from '../support/expectations.js';
import { filePart, form, textPart } from '../support/form.js';
import { databaseSettings, startTestApp, type TestApp } from '../support/test-app.js';
import { uploadIdOf, uploadStatus, type UploadStatus } from '../support/uploads.js';

type ListedUpload = Omit<UploadStatus, 'files'>;

interface UploadPage {
  readonly uploads: readonly ListedUpload[];
  readonly next_cursor: string | null;
}

const MEBIBYTE = 1024 ** 2;
const ANN_PASSWORD = 'password of ann';

let testApp: TestApp;
let other: TestApp;
let root: Client;
let ann: Client;

/** Two servers share the database. */
beforeAll(async () => {
  testApp = await startTestApp();
  const shared = await databaseSettings(testApp.dataDir);
  other = await startTestApp({ DATA_DIR: testApp.dataDir, ...shared });
  root = new Client(testApp);
  ann = new Client(testApp, basic('ann', ANN_PASSWORD));
  await testApp.app.get(UserService).save('ann', ANN_PASSWORD, { isAdmin: false });
});

afterAll(async () => {
  await other.close();
  await testApp.close();
});

async function list(client: Client, query = ''): Promise<UploadPage> {
  const answer = await client.send(`/v1/uploads${query}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as UploadPage;
}

const idsOf = ({ uploads }: UploadPage): string[] => uploads.map(({ id }) => id);

async function upload(client: Client, headers: Headers = {}, body = form(filePart('f'))): Promise<string> {
  return uploadIdOf(await client.upload(body, headers));
}

describe('the list of uploads', () => {
  it('has the own ones, the latest first, as each is told by its id but without its files', async () => {
    const [first, second] = [await upload(ann), await upload(ann)];
    await upload(root);
    const page = await list(ann);
    expect(idsOf(page).slice(0, 2)).toEqual([second, first]);
    expect(page.uploads.every(({ user }) => user === 'ann')).toBe(true);
    const { files, ...told } = await uploadStatus(ann, second);
    expect(files).toHaveLength(1);
    expect(page.uploads[0]).toEqual(told);
    expect(told.received_bytes).toBe(form(filePart('f')).length);
    expect(told.expected_bytes).toBe(told.received_bytes);
  });

  it('has those of all users for an administrator who asks for them, and for nobody else', async () => {
    const hers = await upload(ann);
    expect(idsOf(await list(root))).not.toContain(hers);
    expect(idsOf(await list(root, '?all=true'))).toContain(hers);
    const refused = { status: 403, code: 1063, kind: 'PermissionDenied', message: /Super/ };
    await expectError(await ann.send('/v1/uploads?all=true'), refused);
  });

  it('comes in pages that miss none and repeat none, also for uploads of one moment', async () => {
    const prefix = randomUUID();
    const keys = Array.from({ length: 7 }, (_, at) => ({ 'idempotency-key': `${prefix}-${String(at)}` }));
    const sent = await Promise.all(keys.map((key) => upload(ann, key)));
    const listed: string[] = [];
    let query = '?limit=2';
    for (;;) {
      const page = await list(ann, query);
      expect(page.uploads.length).toBeLessThanOrEqual(2);
      listed.push(...idsOf(page));
      if (page.next_cursor === null) break;
      query = `?limit=2&cursor=${page.next_cursor}`;
    }
    expect(new Set(listed).size).toBe(listed.length);
    expect(listed).toEqual(expect.arrayContaining(sent));
    expect(listed).toEqual(idsOf(await list(ann, '?limit=1000')));
  });

  it('finds by an Idempotency-Key what has failed under it and what has succeeded', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const failed = await upload(ann, key, form(textPart('field', 'x')));
    const byKey = `?idempotency_key=${key['idempotency-key']}`;
    expect((await list(ann, byKey)).uploads).toMatchObject([{ id: failed, state: 'FAILED' }]);
    const stored = await upload(ann, key);
    expect(idsOf(await list(ann, byKey))).toEqual([stored, failed]);
    expect(idsOf(await list(ann, `${byKey}&state=SUCCESS`))).toEqual([stored]);
    expect(idsOf(await list(root, byKey))).toEqual([]);
  });

  it.each([
    ['cursor=x', 'InvalidCursor', /pass on next_cursor/],
    [
      `cursor=${Buffer.from('{"startedAt":"x","id":"y"}').toString('base64url')}`,
      'InvalidCursor',
      /next_cursor/,
    ],
    ['limit=0', 'InvalidRequest', /must be from 1 to 1000/],
    ['limit=1001', 'InvalidRequest', /must be from 1 to 1000/],
    ['limit=x', 'InvalidRequest', /must be a whole number/],
    ['state=DONE', 'InvalidRequest', /must be one of RUNNING, SUCCESS, FAILED/],
    ['all=1', 'InvalidRequest', /all/],
    ['user=ann', 'InvalidRequest', /user/],
  ])('is 400 for %s', async (query, kind, message) => {
    await expectError(await ann.send(`/v1/uploads?${query}`), { status: 400, code: 1006, kind, message });
  });
});

describe('a running upload', () => {
  it('is listed with what has come of it, by every server, before anything of it is stored', async () => {
    const connection = await ann.start('PUT /v1/stages/~/files/slow', {
      'content-length': String(3 * MEBIBYTE),
    });
    const elsewhere = new Client(other, basic('ann', ANN_PASSWORD));
    const running = async (bytes: number): Promise<string> => {
      let id = '';
      await eventually(async () => {
        const { uploads } = await list(elsewhere, '?state=RUNNING');
        expect(uploads).toMatchObject([
          { received_bytes: bytes, expected_bytes: 3 * MEBIBYTE, stage_name: '~', ended_at: null },
        ]);
        id = uploads[0]?.id ?? '';
      });
      return id;
    };
    await connection.write(Buffer.alloc(1000));
    const id = await running(1000);
    await connection.write(Buffer.alloc(MEBIBYTE));
    expect(await running(1000 + MEBIBYTE)).toBe(id);
    await connection.write(Buffer.alloc(2 * MEBIBYTE - 1000));
    const answer = await connection.expectAnswer({ hasBody: true });
    connection.leave();
    expect([answer.status, uploadIdOf(answer)]).toEqual([201, id]);
    expect(await uploadStatus(elsewhere, id)).toMatchObject({
      state: 'SUCCESS',
      received_bytes: 3 * MEBIBYTE,
    });
    expect(idsOf(await list(elsewhere, '?state=RUNNING'))).toEqual([]);
  });
});

describe('the answer to a form', () => {
  const TYPE = 'application/vnd.stagedoor.upload+json';
  const BODY = form(filePart('/a.csv', 'of a'), filePart('b', ''));
  const FOUR = ['id', 'stage_name', 'state', 'files'];
  const headers = { 'x-databend-relative-path': 'dir' };
  const row = (name: string, path: string, content: string): object => ({
    name,
    path,
    size: content.length,
    md5: hexMd5(content),
    etag: expect.stringMatching(/^".+"$/) as string,
    outcome: 'stored',
  });

  it('tells the result of each file to who accepts it, and the same again to a repetition', async () => {
    const wish = { ...headers, accept: TYPE, 'idempotency-key': randomUUID() };
    const answer = await ann.upload(BODY, wish);
    expect(answer.headers.get('content-type')).toContain(TYPE);
    const body = success(answer);
    expect(body).toEqual({
      id: uploadIdOf(answer),
      stage_name: '~',
      state: 'SUCCESS',
      files: ['/a.csv', 'b'],
      results: [row('/a.csv', 'dir/a.csv', 'of a'), row('b', 'dir/b', '')],
    });
    const again = await ann.upload(BODY, wish);
    expect([again.headers.get('content-type'), success(again)]).toEqual([
      answer.headers.get('content-type'),
      body,
    ]);
  });

  it('has an ETag that If-Match takes', async () => {
    const answer = await ann.upload(form(filePart('c', 'of c')), { accept: TYPE });
    const { results } = success(answer) as unknown as { results: [{ etag: string }] };
    const sent = { 'content-length': '3', 'if-match': results[0].etag };
    expect((await ann.request('PUT /v1/stages/~/files/c', sent, 'new')).status).toBe(200);
    expect((await ann.request('PUT /v1/stages/~/files/c', sent, 'old')).status).toBe(412);
  });

  it('says which files were skipped', async () => {
    const wish = { accept: TYPE, 'x-stagedoor-overwrite': 'skip' };
    await ann.upload(form(filePart('d', 'old')));
    const { results } = success(await ann.upload(form(filePart('d', 'newer')), wish)) as unknown as {
      results: readonly object[];
    };
    expect(results).toMatchObject([{ path: 'd', size: 3, md5: hexMd5('old'), outcome: 'skipped' }]);
  });

  it.each([
    '',
    '*/*',
    'application/json',
    'application/json, text/plain, */*',
    `${TYPE};q=0.5, application/json`,
    `${TYPE};q=0`,
    'text/html',
  ])('has Databend’s four fields alone for Accept: %s', async (accept) => {
    const answer = await ann.upload(BODY, { ...headers, accept });
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(Object.keys(success(answer))).toEqual(FOUR);
  });
});
