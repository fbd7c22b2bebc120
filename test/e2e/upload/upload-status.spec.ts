import { randomUUID } from 'node:crypto';
import { SqlDatabase } from '../../../src/database/sql-database.js';
import { sql } from '../../../src/database/sql.js';
import { UserService } from '../../../src/users/accounts/user.service.js';
import { basic, Client } from '../support/client.js';
import { base64Digest, hexMd5 } from '../support/digests.js';
import { eventually, expectError } from '../support/expectations.js';
import { filePart, form, textPart } from '../support/form.js';
import { connectionTo, describeOnMinio, makeBucket } from '../support/minio.js';
import type { RawAnswer } from '../support/raw-connection.js';
import { onEachStore } from '../support/stores.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { partWith, send, uploadIdOf, uploadStatus, WAYS, type UploadStatus } from '../support/uploads.js';

const MEBIBYTE = 1024 ** 2;
const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string;
const ETAG = expect.stringMatching(/^"[^"]+"$/) as string;
const UNKNOWN = { status: 404, message: /There is no upload of the id/ };
const RUNNING = sql<{ readonly id: string }>("SELECT id FROM uploads WHERE state = 'RUNNING'");
const WRONG_MD5 = { 'content-md5': base64Digest('md5', Buffer.from('other')) };

onEachStore('what became of an upload', (scene) => {
  const stage = (): string => scene().store.stage;
  const statusOf = (answer: RawAnswer): Promise<UploadStatus> =>
    uploadStatus(scene().client, uploadIdOf(answer));
  const file = (name: string, content: Buffer | string) => ({
    name,
    path: name,
    size: content.length,
    md5: hexMd5(content),
    etag: ETAG,
    outcome: 'stored',
  });
  const ended = {
    user: 'root',
    started_at: TIME,
    ended_at: TIME,
    received_bytes: expect.any(Number) as number,
    expected_bytes: expect.any(Number) as number,
  };

  it.each(WAYS.flatMap((way) => ['small', Buffer.alloc(9 * MEBIBYTE)].map((content) => ({ way, content }))))(
    'is told by the id of its answer: $way that has gone well (case %#)',
    async ({ way, content }) => {
      const answer = await send(way, scene().client, { stage: stage(), name: 'f', content });
      expect(await statusOf(answer)).toEqual({
        ...ended,
        id: uploadIdOf(answer),
        stage_name: stage(),
        state: 'SUCCESS',
        files: [file('f', content)],
        error: null,
      });
    },
  );

  it('is told by the id in the body of a form’s answer as well', async () => {
    const answer = await scene().client.upload(form(filePart('f')), { stage_name: stage() });
    expect((JSON.parse(answer.body.toString()) as { id: string }).id).toBe(uploadIdOf(answer));
  });

  it('names each file of a form as it was sent, and where it lies', async () => {
    const headers = { stage_name: stage(), 'x-databend-relative-path': 'dir' };
    const answer = await scene().client.upload(form(filePart('/a/b'), filePart('c')), headers);
    const { files } = await statusOf(answer);
    expect(files.map(({ name, path }) => [name, path])).toEqual([
      ['/a/b', 'dir/a/b'],
      ['c', 'dir/c'],
    ]);
  });

  it.each(WAYS)('is the failure of %s, as its answer said it', async (way) => {
    const sent = { stage: stage(), name: 'f', content: 'x', fileHeaders: WRONG_MD5 };
    const answer = await send(way, scene().client, sent);
    const { error } = await expectError(answer, {
      status: 400,
      message: /content is not what Content-MD5 says/,
    });
    expect(await statusOf(answer)).toEqual({
      ...ended,
      id: uploadIdOf(answer),
      stage_name: stage(),
      state: 'FAILED',
      files: [],
      error,
    });
  });

  it('has the files that were stored before a form has failed', async () => {
    const body = form(filePart('first', '1'), partWith('second', 'x', WRONG_MD5));
    const answer = await scene().client.upload(body, { stage_name: stage() });
    const { error } = await expectError(answer, { status: 400, message: /content is not/ });
    expect(await statusOf(answer)).toMatchObject({ state: 'FAILED', files: [file('first', '1')], error });
  });

  it.each(['with an Idempotency-Key', 'without'])(
    'is RUNNING as long as it goes on, and FAILED when its client has left: one %s',
    async (which) => {
      const { client, testApp } = scene();
      const key = which === 'without' ? {} : { 'idempotency-key': randomUUID() };
      const connection = await client.start(`PUT /v1/stages/${stage()}/files/f`, {
        'content-length': String(20 * MEBIBYTE),
        ...key,
      });
      await connection.write(Buffer.alloc(9 * MEBIBYTE)); // more than a store takes without a note
      const id = await runningUpload(testApp);
      const running = { state: 'RUNNING', stage_name: stage(), ended_at: null, files: [], error: null };
      const progress = {
        received_bytes: expect.any(Number) as number,
        expected_bytes: 20 * MEBIBYTE,
      };
      expect(await uploadStatus(client, id)).toEqual({
        ...running,
        ...progress,
        id,
        user: 'root',
        started_at: TIME,
      });
      connection.leave();
      await eventually(async () => {
        const { state, error } = await uploadStatus(client, id);
        expect([state, error?.message]).toEqual(['FAILED', expect.stringMatching(/client left/)]);
      });
      expect(await client.names(stage())).toEqual([]);
    },
  );
});

/** Nobody but the database knows the id of an upload that has no answer yet. */
async function runningUpload({ app }: TestApp): Promise<string> {
  let ids: readonly { readonly id: string }[] = [];
  await eventually(async () => {
    ids = await app.get(SqlDatabase).read(RUNNING);
    expect(ids).toHaveLength(1);
  });
  return ids[0]?.id ?? '';
}

describe('the id of an upload', () => {
  let testApp: TestApp;
  let client: Client;
  let ann: Client;

  beforeAll(async () => {
    testApp = await startTestApp();
    client = new Client(testApp);
    ann = new Client(testApp, basic('ann', 'password of ann'));
    await testApp.app.get(UserService).save('ann', 'password of ann', { isAdmin: false });
  });

  afterAll(() => testApp.close());

  it.each([randomUUID(), 'x', '%00', "'", '..%2F..'])('that is unknown, %j, is 404', async (id) => {
    await expectError(await client.send(`/v1/uploads/${id}`), UNKNOWN);
  });

  it('is of no use to another user, but to an admin', async () => {
    const [his, hers] = [await client.upload(form(filePart('f'))), await ann.upload(form(filePart('f')))];
    await expectError(await ann.send(`/v1/uploads/${uploadIdOf(his)}`), UNKNOWN);
    expect(await uploadStatus(ann, uploadIdOf(hers))).toMatchObject({ user: 'ann', state: 'SUCCESS' });
    expect(await uploadStatus(client, uploadIdOf(hers))).toMatchObject({ user: 'ann' });
  });

  it('is not told without a password', async () => {
    const stranger = new Client(testApp, basic('root', 'wrong'));
    const { status } = await stranger.send(
      `/v1/uploads/${uploadIdOf(await client.upload(form(filePart('f'))))}`,
    );
    expect(status).toBe(401);
  });

  it.each([
    ['too little of it', form(filePart('f')).subarray(0, -10)],
    ['a field that is no file', form(textPart('field', 'x'))],
    ['nothing', form()],
  ])('is in the answer to a form that holds %s', async (_what, body) => {
    const answer = await client.upload(body);
    expect(answer.status).toBe(400);
    expect(await uploadStatus(client, uploadIdOf(answer))).toMatchObject({ state: 'FAILED', files: [] });
  });
});

describeOnMinio('the record of an upload to a store with a secret', (minio) => {
  it('holds none of it, however the upload ends', async () => {
    const testApp = await startTestApp();
    const client = new Client(testApp);
    const bucket = `e2e-${randomUUID()}`;
    await makeBucket(minio, bucket);
    const secret = 'a-secret-to-look-for';
    const good = connectionTo(minio);
    const connections = { good, bad: { ...good, aws_secret_key: secret } };
    for (const [name, connection] of Object.entries(connections)) {
      await client.createStage({ name, url: `s3://${bucket}/x/`, connection });
      const answer = await client.upload(form(filePart('f')), { stage_name: name });
      expect(answer.status).toBe(name === 'good' ? 200 : 502);
      const text = JSON.stringify(await uploadStatus(client, uploadIdOf(answer)));
      for (const hidden of [secret, minio.secretAccessKey, minio.accessKeyId, 'Authorization'])
        expect(text).not.toContain(hidden);
    }
    await testApp.close();
  });
});
