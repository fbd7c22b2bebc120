import { filePart, form } from '../support/form.js';
import { createOddStage, ODD_STAGE, onOddStore } from '../support/odd-store.js';
import { expectError } from '../support/expectations.js';

const POLICIES = ['skip', 'skip-if-same', 'fail', 'overwrite'] as const;

describe('keys without the right to list', () => {
  onOddStore((scene) => {
    const put = (content: string, headers: Readonly<Record<string, string>>): Promise<Response> =>
      scene().client.send(`/v1/stages/${ODD_STAGE}/files/f`, { method: 'PUT', body: content, headers });

    beforeEach(() => {
      scene().s3.quirks.withoutListBucket = true;
    });

    it.each(POLICIES)('upload a new file with the policy %s', async (policy) => {
      const raw = await put('new', { 'x-stagedoor-overwrite': policy });
      expect(raw.status).toBeLessThan(300);
      expect(scene().s3.store.get('f')?.toString()).toBe('new');
      const { status } = await scene().client.upload(form(filePart('g', 'new')), {
        stage_name: ODD_STAGE,
        'x-stagedoor-overwrite': policy,
      });
      expect(status).toBe(200);
      expect(scene().s3.store.get('g')?.toString()).toBe('new');
    });

    it.each([
      ['skip', 'other', 200, 'old'],
      ['skip-if-same', 'old', 200, 'old'],
      ['skip-if-same', 'other', 200, 'other'],
      ['fail', 'other', 412, 'old'],
    ])('with the policy %s, %s beside what is there: %d', async (policy, content, status, left) => {
      scene().s3.store.put('f', 'old');
      expect((await put(content, { 'x-stagedoor-overwrite': policy })).status).toBe(status);
      expect(scene().s3.store.get('f')?.toString()).toBe(left);
    });

    it.each([
      [{ 'if-none-match': '*' }, 201],
      [{ 'if-none-match': '"other"' }, 201],
      [{ 'if-unmodified-since': new Date().toUTCString() }, 201],
      [{ 'if-match': '*' }, 412],
      [{ 'if-match': '"other"' }, 412],
    ])('keep the condition %j where nothing is there: %d', async (headers, status) => {
      expect((await put('new', headers)).status).toBe(status);
      expect(scene().s3.store.get('f')?.toString()).toBe(status === 201 ? 'new' : undefined);
    });
  });
});

describe('a public bucket', () => {
  const account = {
    AWS_ACCESS_KEY_ID: 'the-account-of-the-server',
    AWS_SECRET_ACCESS_KEY: 'its-secret',
    AWS_SESSION_TOKEN: 'its-token',
    AWS_PROFILE: 'default',
  };

  beforeAll(() => Object.assign(process.env, account));
  afterAll(() => {
    for (const name of Object.keys(account)) Reflect.deleteProperty(process.env, name);
  });

  onOddStore(
    (scene) => {
      beforeEach(async () => {
        const { s3, client, sql } = scene();
        s3.quirks.anonymousRead = true;
        s3.store.put('dir/f', 'content');
        s3.store.put('dir/a b\u00e9', 'odd');
        const options = `endpoint_url = '${s3.endpoint}'`;
        await sql.run(
          `CREATE OR REPLACE STAGE ${ODD_STAGE} URL = 's3://${s3.bucket}' CONNECTION = (${options})`,
        );
        expect((await client.send(`/v1/stages/${ODD_STAGE}`)).status).toBe(200);
      });

      afterEach(() => {
        for (const { headers, query } of scene().s3.journal.entries) {
          expect(headers['authorization']).toBeUndefined();
          expect(headers['x-amz-security-token']).toBeUndefined();
          expect(Object.keys(query).filter((name) => name.startsWith('X-Amz'))).toEqual([]);
        }
      });

      it('is listed and read without a signature', async () => {
        const { client, sql } = scene();
        expect(await client.names(ODD_STAGE)).toEqual(['dir/a b\u00e9', 'dir/f']);
        expect(await sql.rows(`LIST @${ODD_STAGE}`)).toHaveLength(2);
        expect(await client.content(ODD_STAGE, 'dir/f')).toBe('content');
        expect(await client.content(ODD_STAGE, 'dir/a%20b%C3%A9')).toBe('odd');
        const part = await client.send(`/v1/stages/${ODD_STAGE}/files/dir/f`, {
          headers: { range: 'bytes=-3' },
        });
        expect(await part.text()).toBe('ent');
      });

      it('shows that it has no credentials', async () => {
        const shown = (await (await scene().client.send(`/v1/stages/${ODD_STAGE}`)).json()) as object;
        expect(shown).toMatchObject({ has_credentials: false, storage_params: { access_key_id: '' } });
      });

      it('presigns by the service', async () => {
        const { client } = scene();
        const answer = await client.postJson(`/v1/stages/${ODD_STAGE}/presign`, {
          path: 'dir/f',
          method: 'GET',
        });
        const { url } = (await answer.json()) as { url: string };
        expect(url).toContain('/v1/presigned/');
        expect(await (await fetch(url)).text()).toBe('content');
      });

      it('says to a write that it has no keys', async () => {
        const { client } = scene();
        for (const size of [4, 20 * 1024 * 1024]) {
          const body = form(filePart('new', Buffer.alloc(size)));
          await expectError(await client.upload(body, { stage_name: ODD_STAGE }), {
            status: 502,
            code: 3002,
            kind: 'StoreDeniedAccess',
            message: /AccessDenied.*reached without keys/,
          });
        }
        const removal = await client.send(`/v1/stages/${ODD_STAGE}/files/dir/f`, { method: 'DELETE' });
        await expectError(removal, { status: 502, code: 3002, message: /reached without keys/ });
      });

      it('is refused with half of the keys', async () => {
        const { client, s3 } = scene();
        const connection = { endpoint_url: s3.endpoint, access_key_id: 'a' };
        const stage = { name: 'half', url: `s3://${s3.bucket}/`, connection };
        await expectError(await client.createStage(stage), {
          status: 400,
          code: 4000,
          message: /'secret_access_key' is missing/,
        });
      });

      it('that is none is an error', async () => {
        scene().s3.quirks.anonymousRead = false;
        const answer = await scene().client.send(`/v1/stages/${ODD_STAGE}/files`);
        await expectError(answer, { status: 502, code: 3002, message: /AccessDenied.*reached without keys/ });
        await createOddStage(scene());
        scene().s3.journal.clear();
      });
    },
    { PRESIGN_BY: 'store' },
  );
});
