import { expectError, type ErrorBody } from '../support/expectations.js';
import { connectionTo, ODD_STAGE, onOddStore } from '../support/odd-store.js';
import { removeFolder, temporaryFolder } from '../support/test-app.js';

const NEW = { access_key_id: 'new-key', secret_access_key: 'new-secret' };
const CREATED = 201;

const roots = await temporaryFolder();

afterAll(() => removeFolder(roots));

onOddStore(
  (scene) => {
    const patch = (connection: object, more: object = {}, stage = ODD_STAGE): Promise<Response> =>
      scene().client.send(`/v1/stages/${stage}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ connection, ...more }),
      });
    const upload = async (name: string, stage = ODD_STAGE): Promise<number> => {
      const put = { method: 'PUT', body: 'content' };
      return (await scene().client.send(`/v1/stages/${stage}/files/${name}`, put)).status;
    };
    const shown = async (stage = ODD_STAGE): Promise<Record<string, unknown>> =>
      (await (await scene().client.send(`/v1/stages/${stage}`)).json()) as Record<string, unknown>;
    const kept = async (asking: Promise<Response>, expected: object): Promise<ErrorBody> => {
      const before = await shown();
      const body = await expectError(await asking, { status: 400, code: 4000, message: /./, ...expected });
      expect(await shown()).toEqual(before);
      return body;
    };

    /** From now on the store knows the new key beside the one of the stage. */
    beforeEach(() => {
      scene().s3.moreKeys.set(NEW.access_key_id, NEW.secret_access_key);
    });

    afterEach(() => {
      scene().s3.moreKeys.clear();
    });

    describe('the key of a stage', () => {
      it('is changed by PATCH alone, without its endpoint, and used from then on', async () => {
        const before = await shown();
        expect((await patch(NEW)).status).toBe(200);
        expect(await upload('f')).toBe(CREATED);
        const [request] = scene().s3.journal.of('PutObject');
        expect(request?.headers['authorization']).toContain('Credential=new-key/');
        const params = {
          ...(before['storage_params'] as object),
          access_key_id: 'ne***ey',
          secret_access_key: 'ne***et',
        };
        expect(await shown()).toEqual({ ...before, storage_params: params });
      });

      it('is changed by ALTER STAGE … SET CONNECTION = (…)', async () => {
        const { sql } = scene();
        await sql.run(
          `ALTER STAGE ${ODD_STAGE} SET CONNECTION = (aws_key_id = 'new-key' aws_secret_key = 'new-secret') COMMENT = 'x'`,
        );
        expect(await upload('f')).toBe(CREATED);
        expect(await shown()).toMatchObject({ endpoint: scene().s3.endpoint, comment: 'x' });
      });

      it('that the store does not know is told at the next request, as for a new stage', async () => {
        scene().s3.moreKeys.clear();
        expect((await patch(NEW)).status).toBe(200);
        expect(await upload('f')).toBe(502);
      });
    });

    it('of two changes of different options at once both stay', async () => {
      const answers = await Promise.all([
        patch({ region: 'eu-west-9' }),
        patch(NEW),
        patch({ presign_endpoint_url: null }),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
      const { storage_params: params } = await shown();
      expect(params).toMatchObject({ region: 'eu-west-9', access_key_id: 'ne***ey' });
      expect(params).not.toHaveProperty('presign_endpoint_url');
    });

    it('an upload that runs while the key is changed is stored', async () => {
      const connection = await scene().client.start(`PUT /v1/stages/${ODD_STAGE}/files/f`, {
        'content-length': '10',
      });
      await connection.write('first');
      expect((await patch(NEW)).status).toBe(200);
      await connection.write(' last');
      expect((await connection.expectAnswer({ hasBody: true })).status).toBe(CREATED);
      connection.leave();
    });

    it.each<[string, object, RegExp]>([
      ['an option that the store does not know', { regoin: 'x' }, /Expected \[.*`region`.*got \[`regoin`\]/],
      ['the removal of such an option', { regoin: null }, /got \[`regoin`\]/],
      ['a value that cannot be', { region: 'a b' }, /'region' must be letters/],
      [
        'two spellings with two values',
        { access_key_id: 'a', aws_key_id: 'b' },
        /same option with different values/,
      ],
      ['the removal of half of the keys', { secret_access_key: null }, /'secret_access_key' is missing/],
      ['another endpoint without its keys', { endpoint_url: 'http://127.0.0.1:1' }, /needs the keys for it/],
      ['an option of Databend that is not supported', { role_arn: 'x' }, /not supported here/],
      [
        'a connection that is not there',
        { connection_ref: 'none' },
        /fail to get connection_ref none: Connection 'none' does not exist/,
      ],
      ['a reference and options', { connection_name: 'none', region: 'x' }, /connection_name none/],
    ])('refuses %s, and leaves the stage as it was', async (_what, change, message) => {
      const { error } = await kept(patch(change), { message });
      expect(error.message).toMatch(/^invalid input parameter \(/);
    });

    it.each<[string, object, object]>([
      ['nothing', {}, {}],
      ['null with a url, where all options are given anew', { region: null }, { url: 's3://other/' }],
      ['the removal of a reference', { connection_ref: null }, {}],
    ])('refuses %s', async (_what, change, more) => {
      await kept(patch(change, more), { code: 1006, kind: 'InvalidRequest' });
    });

    it('a url still discards all options that are not given with it', async () => {
      expect((await patch({ endpoint_url: scene().s3.endpoint }, { url: 's3://other/' })).status).toBe(200);
      expect(await shown()).toMatchObject({ url: 's3://other/', has_credentials: false });
    });

    it('an internal stage has no options', async () => {
      await expectError(await patch(NEW, {}, '~'), { status: 400, code: 2506, message: /User stage/ });
    });

    it('says of a connection what it says of a stage', async () => {
      const { sql, client } = scene();
      const options = Object.entries(connectionTo(scene().s3)).map(([name, value]) => `${name} = '${value}'`);
      await sql.run(`CREATE CONNECTION single STORAGE_TYPE = 's3' ${options.join(' ')}`);
      const change = (body: object): Promise<Response> =>
        client.send('/v1/connections/single', {
          method: 'PATCH',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ options: body }),
        });
      expect(await (await change({ ...NEW, region: null })).json()).toMatchObject({
        name: 'single',
        options: {
          access_key_id: 'ne***ey',
          secret_access_key: 'ne***et',
          endpoint_url: expect.any(String) as string,
        },
      });
      const wrong = { status: 400, code: 4000, message: /got \[`regoin`\]/ };
      await expectError(await change({ regoin: 'x' }), wrong);
      await expectError(await change({ endpoint_url: 'http://h' }), { ...wrong, message: /needs the keys/ });
      await expectError(await change({ connection_name: 'c' }), { ...wrong, message: /connection_name/ });
      await expectError(await change({}), { status: 400, code: 1006, message: /Name the options/ });
      await sql.run("ALTER CONNECTION single SET region = 'eu-west-2'");
      const { data } = await sql.run('DESC CONNECTION single');
      expect(data[0]?.[2]).toMatch(/access_key_id=ne\*\*\*ey .*region=eu\*\*\*-2/);
      expect((await sql.failure("ALTER CONNECTION single SET regoin = 'x'")).message).toMatch(/regoin/);
      expect((await sql.failure("ALTER CONNECTION none SET region = 'x'")).code).toBe(2510);
      await sql.run("ALTER CONNECTION IF EXISTS none SET region = 'x'");
      expect(scene().testApp.logs()).not.toMatch(/new-secret/);
      await sql.run('DROP CONNECTION single');
    });

    it('a folder of the server takes none, and refers to no connection', async () => {
      const { sql, client } = scene();
      const url = `fs://${roots}/x/`;
      expect((await client.createStage({ name: 'folder', url })).status).toBe(201);
      await expectError(await patch({ region: 'x' }, {}, 'folder'), {
        status: 400,
        code: 4000,
        message: /expected none for fs, got \[region\]/,
      });
      await sql.run("CREATE CONNECTION local STORAGE_TYPE = 'fs'");
      const refused = { status: 400, code: 4000, message: /reached without options/ };
      await expectError(await patch({ connection_ref: 'local' }, {}, 'folder'), refused);
      expect((await patch({ connection_name: 'local' }, {}, 'folder')).status).toBe(200);
      expect(await upload('f', 'folder')).toBe(CREATED);
      await sql.run('DROP STAGE folder');
      await sql.run('DROP CONNECTION local');
    });
  },
  { FS_STAGE_ROOTS: roots },
);
