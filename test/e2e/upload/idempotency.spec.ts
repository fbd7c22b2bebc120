import { randomUUID } from 'node:crypto';
import { SqlDatabase } from '../../../src/database/sql-database.js';
import { sql } from '../../../src/database/sql.js';
import { UserService } from '../../../src/users/accounts/user.service.js';
import { basic, Client, type Headers } from '../support/client.js';
import { base64Digest } from '../support/digests.js';
import { eventually, expectError } from '../support/expectations.js';
import { filePart, form } from '../support/form.js';
import type { RawAnswer } from '../support/raw-connection.js';
import { onEachStore } from '../support/stores.js';
import { removeFolder, startTestApp, temporaryFolder, type TestApp } from '../support/test-app.js';
import { send, uploadIdOf, uploadStatus, WAYS, type Way } from '../support/uploads.js';

const NAME = 'f';
const CONTENT = 'the content';
const TAKEN = {
  status: 422,
  message: /Another request was sent with this Idempotency-Key: give each upload/,
};
const RUNNING = { status: 409, message: /still running: ask again when it has ended/ };

const RUNNING_WITH_KEY = sql<readonly [string]>(
  "SELECT id FROM uploads WHERE state = 'RUNNING' AND idempotency_key IS NOT NULL",
);

const keyed = (key: string): Headers => ({ 'idempotency-key': key });

/** What a client sees of an answer. */
function seen(answer: RawAnswer): object {
  const { status, body, headers } = answer;
  return { status, body: body.toString(), etag: headers.get('etag'), id: uploadIdOf(answer) };
}

onEachStore('an upload that is sent again with its Idempotency-Key', (scene) => {
  const stage = (): string => scene().store.stage;
  let key: string;

  beforeEach(() => {
    key = randomUUID();
  });

  async function sendAs(way: Way, content: Buffer | string, name = NAME): Promise<RawAnswer> {
    return send(way, scene().client, { stage: stage(), name, content, headers: keyed(key) });
  }

  const sendFiles = (...files: readonly (readonly [name: string, content: string])[]): Promise<RawAnswer> =>
    scene().client.upload(form(...files.map(([name, content]) => filePart(name, content))), {
      stage_name: stage(),
      ...keyed(key),
    });

  it.each(
    WAYS.flatMap((way) =>
      [CONTENT, Buffer.alloc(9 * 1024 ** 2, 'long ')].map((content) => ({ way, content })),
    ),
  )('by $way, gets the first answer, and is not stored again (case %#)', async ({ way, content }) => {
    const first = await sendAs(way, content);
    expect(first.status).toBe(way === 'a raw upload' ? 201 : 200);
    const mark = await scene().store.mark(NAME);
    for (let i = 0; i < 3; i++) expect(seen(await sendAs(way, content))).toEqual(seen(first));
    expect(await scene().store.mark(NAME)).toBe(mark);
    expect(await scene().store.orphans(NAME)).toEqual([]);
  });

  it.each(WAYS)('by %s, gets the first answer also where the file was replaced since', async (way) => {
    const first = await sendAs(way, CONTENT);
    await scene().store.put(NAME, 'replaced since');
    expect(seen(await sendAs(way, CONTENT))).toEqual(seen(first));
    expect(await scene().client.content(stage(), NAME)).toBe('replaced since');
  });

  it.each(WAYS)('by %s, may not have other content or another target', async (way) => {
    await sendAs(way, CONTENT);
    const others: readonly [string, string][] = [
      [CONTENT.toUpperCase(), NAME],
      [`${CONTENT}!`, NAME],
      ['', NAME],
      [CONTENT, 'other'],
    ];
    for (const [content, name] of others) await expectError(await sendAs(way, content, name), TAKEN);
    expect(await scene().client.names(stage())).toEqual([NAME]);
    expect(await scene().client.content(stage(), NAME)).toBe(CONTENT);
  });

  it('may not be another kind of request', async () => {
    await sendAs('a raw upload', CONTENT);
    await expectError(await sendAs('a form', CONTENT), TAKEN);
  });

  it.each<[string, Headers]>([
    ['stage', { stage_name: '~' }],
    ['directory', { 'x-databend-relative-path': 'dir' }],
    ['policy', { 'x-stagedoor-overwrite': 'skip' }],
  ])('may not have another %s', async (_what, headers) => {
    await sendFiles(['a', CONTENT]);
    const answer = await scene().client.upload(form(filePart('a', CONTENT)), {
      stage_name: stage(),
      ...keyed(key),
      ...headers,
    });
    await expectError(answer, TAKEN);
    expect(await scene().client.names(stage())).toEqual(['a']);
  });

  it('may not have fewer files in its form, nor more, nor others', async () => {
    const [a, b, c] = [
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
    ] as const;
    const first = await sendFiles(a, b);
    for (const files of [[a], [a, b, c], [b, a], [a, c], [a, ['b', '3']]] as const) {
      await expectError(await sendFiles(...files), TAKEN);
    }
    expect(await scene().client.names(stage())).toEqual(['a', 'b']);
    expect(seen(await sendFiles(a, b))).toEqual(seen(first));
  });

  it('is told by its declared md5 that it is the same, without being asked for its body', async () => {
    const headers = { 'content-md5': base64Digest('md5', Buffer.from(CONTENT)), ...keyed(key) };
    const first = await send('a raw upload', scene().client, {
      stage: stage(),
      name: NAME,
      content: CONTENT,
      headers,
    });
    const again = await scene().client.request(`PUT /v1/stages/${stage()}/files/${NAME}`, {
      expect: '100-continue',
      'content-length': String(CONTENT.length),
      ...headers,
    });
    expect(seen(again)).toEqual(seen(first));
  });

  it('while the first one runs, is told to come again', async () => {
    const line = `PUT /v1/stages/${stage()}/files/${NAME}`;
    const headers = { 'content-length': '4', ...keyed(key) };
    const first = await scene().client.start(line, { ...headers, expect: '100-continue' });
    expect((await first.expectAnswer()).status).toBe(100);
    const refused = await scene().client.request(line, headers, 'abcd');
    await expectError(refused, RUNNING);
    expect(refused.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    await first.write('abcd');
    const answer = await first.expectAnswer();
    expect(answer.status).toBe(201);
    first.leave();
    expect(seen(await scene().client.request(line, headers, 'abcd'))).toEqual(seen(answer));
  });

  it.each(WAYS)('by %s, twenty at once, is stored once', async (way) => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => sendAs(way, CONTENT)));
    const good = answers.filter(({ status }) => status < 300);
    expect(new Set(good.map((answer) => JSON.stringify(seen(answer)))).size).toBe(1);
    for (const answer of answers.filter(({ status }) => status >= 300)) await expectError(answer, RUNNING);
    const ids = new Set(answers.map(({ headers }) => headers.get('x-stagedoor-upload-id')));
    ids.delete(undefined);
    expect(ids.size).toBe(1);
  });

  it.each(WAYS)('by %s, after it has failed, is tried anew', async (way) => {
    const wrong = { 'content-md5': base64Digest('md5', Buffer.from('other')) };
    const file = { stage: stage(), name: NAME, content: CONTENT, headers: keyed(key) };
    const failed = await send(way, scene().client, { ...file, fileHeaders: wrong });
    expect(failed.status).toBe(400);
    const good = await sendAs(way, CONTENT);
    expect(good.status).toBeLessThan(300);
    expect(uploadIdOf(good)).not.toBe(uploadIdOf(failed));
    expect(seen(await sendAs(way, CONTENT))).toEqual(seen(good));
    expect(await uploadStatus(scene().client, uploadIdOf(failed))).toMatchObject({ state: 'FAILED' });
  });

  it('after its client has left it in the middle, is tried anew', async () => {
    const line = `PUT /v1/stages/${stage()}/files/${NAME}`;
    const first = await scene().client.start(line, { 'content-length': '1000', ...keyed(key) }, 'only this');
    // Only then is the next one not the first: they come on connections of their own.
    await eventually(async () => {
      expect(await scene().testApp.app.get(SqlDatabase).readRows(RUNNING_WITH_KEY)).toHaveLength(1);
    });
    await expectError(
      await scene().client.request(line, { 'content-length': '1000', ...keyed(key) }),
      RUNNING,
    );
    first.leave();
    await eventually(async () => {
      expect((await sendAs('a raw upload', CONTENT)).status).toBe(201);
    });
    expect(await scene().client.content(stage(), NAME)).toBe(CONTENT);
  });
});

describe('an Idempotency-Key', () => {
  let testApp: TestApp;
  let client: Client;

  beforeAll(async () => {
    testApp = await startTestApp();
    client = new Client(testApp);
    await testApp.app.get(UserService).save('ann', 'password of ann', { isAdmin: false });
  });

  afterAll(() => testApp.close());

  const sendAs = (way: Way, headers: Headers, content = CONTENT): Promise<RawAnswer> =>
    send(way, client, { stage: '~', name: NAME, content, headers });

  it.each(['""', '"', 'a"b', '"a"b"', 'x'.repeat(256), 'tab\there', 'sch\xf6n', 'two words'])(
    'may not be %j',
    async (key) => {
      for (const way of WAYS) {
        const message = /Idempotency-Key may have 1 to 255 printable ASCII characters/;
        await expectError(await sendAs(way, keyed(key)), { status: 400, message });
      }
      expect(await client.names('~')).toEqual([]);
    },
  );

  it('is the same with quotes and without', async () => {
    const first = await sendAs('a raw upload', keyed('x'.repeat(255)));
    expect(seen(await sendAs('a raw upload', keyed(`"${'x'.repeat(255)}"`)))).toEqual(seen(first));
    await client.send(`/v1/stages/~/files/${NAME}`, { method: 'DELETE' });
  });

  it('is each user’s own', async () => {
    const ann = new Client(testApp, basic('ann', 'password of ann'));
    const [his, hers] = [
      await client.upload(form(filePart(NAME, 'his')), keyed('shared')),
      await ann.upload(form(filePart(NAME, 'hers')), keyed('shared')),
    ];
    expect([his.status, hers.status]).toEqual([200, 200]);
    expect(uploadIdOf(his)).not.toBe(uploadIdOf(hers));
    expect([await client.content('~', NAME), await ann.content('~', NAME)]).toEqual(['his', 'hers']);
    expect(seen(await ann.upload(form(filePart(NAME, 'hers')), keyed('shared')))).toEqual(seen(hers));
  });

  it('is known to a server that is started again', async () => {
    const folder = await temporaryFolder();
    try {
      const answers: object[] = [];
      for (let start = 0; start < 2; start++) {
        const started = await startTestApp({ DATA_DIR: folder });
        const file = { stage: '~', name: NAME, content: CONTENT, headers: keyed('kept') };
        answers.push(seen(await send('a raw upload', new Client(started), file)));
        const other = await send('a raw upload', new Client(started), { ...file, content: 'CONTENT THE' });
        await expectError(other, TAKEN);
        await started.close();
      }
      expect(answers[1]).toEqual(answers[0]);
    } finally {
      await removeFolder(folder);
    }
  });
});
