import { startPermissiveS3, type PermissiveS3 } from '../../support/permissive-s3/permissive-s3.mjs';
import { expectError } from '../support/expectations.js';
import { presigned } from '../support/presigned.js';
import { filePart, form } from '../support/form.js';
import { SqlClient } from '../support/sql-client.js';
import { bucketStore, onEachStore, onStore } from '../support/stores.js';

onEachStore('slashes that stock clients double', (scene) => {
  const sql = (): SqlClient => new SqlClient(scene().client);
  const stage = (): string => scene().store.stage;

  beforeEach(() => scene().store.put('dir/a.csv', 'plain'));

  it.each(['//dir/a.csv', 'dir//a.csv', '//dir//a'])(
    'serve LIST where nothing is there under %s',
    async (path) => {
      const rows = await sql().rows(`LIST @${stage()}/${path}`);
      expect(rows.map(([name]) => name)).toEqual(['dir/a.csv']);
    },
  );

  it('serve PRESIGN DOWNLOAD, when the URL is used', async () => {
    const [row] = await sql().rows(`PRESIGN DOWNLOAD '@${stage()}//dir//a.csv'`);
    const [missing] = await sql().rows(`PRESIGN DOWNLOAD '@${stage()}//dir//later.csv'`);
    await scene().store.put('dir/later.csv', 'later');
    expect(await (await fetch(String(row?.[2]))).text()).toBe('plain');
    expect(await (await fetch(String(missing?.[2]))).text()).toBe('later');
  });

  it('never serve REMOVE, nor REST', async () => {
    for (const path of ['/dir/a.csv', 'dir//a.csv']) {
      await sql().run(`REMOVE @${stage()}/${path}`);
      const url = `/v1/stages/${stage()}/files/${encodeURIComponent(path)}`;
      for (const method of ['GET', 'HEAD', 'DELETE']) {
        expect((await scene().client.send(url, { method })).status).toBe(404);
      }
      const prefix = `/v1/stages/${stage()}/files?prefix=${encodeURIComponent(path)}`;
      expect(await (await scene().client.send(prefix, { method: 'DELETE' })).json()).toEqual({ removed: 0 });
    }
    expect(await scene().client.names(stage())).toEqual(['dir/a.csv']);
  });

  it('of a name below a file, and of a directory, is refused on disk and MinIO alike', async () => {
    const put = (name: string): Promise<Response> =>
      scene().client.send(`/v1/stages/${stage()}/files/${name}`, { method: 'PUT', body: 'x' });
    expect((await put('year')).status).toBe(201);
    await expectError(await put('year/2026.csv'), { status: 409, code: 2504, message: /in the way/ });
    expect((await put('month/11.csv')).status).toBe(201);
    await expectError(await put('month'), { status: 409, code: 2504, message: /in the way|hide/ });
    expect(await scene().client.names(stage())).toEqual(['dir/a.csv', 'month/11.csv', 'year']);
  });

  it.each(['if-match', 'if-none-match'])('no form takes %s', async (name) => {
    const answer = await scene().client.upload(form(filePart('a.csv')), { stage_name: stage(), [name]: '*' });
    await expectError(answer, { status: 400, message: /x-stagedoor-overwrite/ });
  });
});

describe('on an S3 that keeps every key', () => {
  let s3: PermissiveS3;

  beforeAll(async () => {
    s3 = await startPermissiveS3();
  });
  afterAll(() => s3.stop());

  onStore(
    {},
    (_testApp, client) => bucketStore(s3, client),
    (scene) => {
      const files = (query: string): string => `/v1/stages/${scene().store.stage}/files${query}`;

      it('1,500 markers cost no request each, and go with everything', async () => {
        for (let i = 0; i < 1_500; i++) await plant(`m${String(i).padStart(4, '0')}/`, '');
        await plant('z.csv', 'z');
        await plant('report/', 'content');
        s3.journal.clear();
        expect(await scene().client.names(scene().store.stage, '?limit=1')).toEqual(['report/']);
        expect(s3.journal.count('ListObjectsV2')).toBeLessThanOrEqual(4);
        const answer = await scene().client.send(files('?prefix='), { method: 'DELETE' });
        expect(await answer.json()).toEqual({ removed: 2 });
        expect(bucket().size).toBe(0);
      });

      it('an object of the very name of the root is shown by nothing, and goes with everything', async () => {
        await plant('', 'content');
        await plant('a.csv', 'a');
        expect(await scene().client.names(scene().store.stage)).toEqual(['a.csv']);
        const answer = await scene().client.send(files('?prefix='), { method: 'DELETE' });
        expect(await answer.json()).toEqual({ removed: 2 });
        expect(bucket().size).toBe(0);
      });

      it('a marker is no file, on any route, and goes by its prefix', async () => {
        await plant('mark/', '');
        await plant('report/', 'content');
        for (const method of ['GET', 'HEAD', 'DELETE']) {
          expect((await scene().client.send(files('/mark%2F'), { method })).status).toBe(404);
        }
        const { url } = await presigned(scene().client, scene().store.stage, {
          method: 'GET',
          path: 'mark/',
        });
        expect((await fetch(url)).status).toBe(404);
        expect(await scene().client.content(scene().store.stage, 'report%2F')).toBe('content');
        expect(bucket().size).toBe(2);
        await scene().client.send(files('?prefix=mark/'), { method: 'DELETE' });
        expect(bucket().size).toBe(1);
      });

      it('two names that a store lists as one are an error, and neither is removed', async () => {
        await plant('a.csv', 'a');
        for (const name of ['caf\xe9.csv', 'caf\xe8.csv'])
          s3.storeOf(known).put(Buffer.from(`some/prefix/${name}`, 'latin1'), name);
        s3.quirks.encodingTypeIgnored = true;
        const listed = await scene().client.send(files(''));
        const removed = await scene().client.send(files('?prefix=caf'), { method: 'DELETE' });
        s3.quirks.encodingTypeIgnored = false;
        for (const answer of [listed, removed]) {
          await expectError(answer, { status: 502, code: 4000, message: /two names as one.*encoding-type/ });
        }
        expect(await scene().client.names(scene().store.stage)).toHaveLength(3);
      });

      it('the exact location goes before the collapsed one, over SQL', async () => {
        await plant('a/b.csv', 'plain');
        await plant('a//b.csv', 'doubled');
        const sql = new SqlClient(scene().client);
        const rows = await sql.rows(`LIST @${scene().store.stage}/a//`);
        expect(rows.map(([name]) => name)).toEqual(['a//b.csv']);
        const [row] = await sql.rows(`PRESIGN DOWNLOAD '@${scene().store.stage}/a//b.csv'`);
        expect(await (await fetch(String(row?.[2]))).text()).toBe('doubled');
        await sql.run(`REMOVE @${scene().store.stage}/a//b.csv`);
        expect(await scene().client.names(scene().store.stage)).toEqual(['a/b.csv']);
      });

      it('a prefix and a pattern may have bytes that are no UTF-8', async () => {
        await plant('caf\uFFFD.csv', 'another');
        s3.storeOf(known).put(Buffer.from('some/prefix/caf\xe9.csv', 'latin1'), 'meant');
        for (const query of ['?prefix=caf%E9', '?pattern=caf%E9.csv']) {
          expect(await scene().client.names(scene().store.stage, query)).toEqual(['caf\uFDD0E9.csv']);
        }
        const answer = await scene().client.send(files('?prefix=caf%E9'), { method: 'DELETE' });
        expect(await answer.json()).toEqual({ removed: 1 });
        expect(await scene().client.names(scene().store.stage)).toEqual(['caf\uFFFD.csv']);
      });

      it('a store that lists what was removed, or lists it again, ends no request in a loop', async () => {
        await plant('a', '1');
        await plant('b', '2');
        const first = await scene().client.send(files('?pattern=.*&limit=1'));
        const { next_cursor: cursor } = (await first.json()) as { next_cursor: string };
        // As many as a server keeps open: the first one has to begin anew after the last name.
        for (let i = 0; i < 8; i++) await scene().client.names(scene().store.stage, '?pattern=.*&limit=1');
        s3.quirks.startAfterIgnored = true;
        const again = await scene().client.send(files(`?pattern=.*&limit=1&cursor=${cursor}`));
        s3.quirks.startAfterIgnored = false;
        await expectError(again, { status: 502, code: 4000, message: /listed already/ });
      });

      it('a plain upload asks nothing but to be stored, as soon as the store is known', async () => {
        const put = (name: string): Promise<Response> =>
          scene().client.send(files(`/${name}`), { method: 'PUT', body: 'x' });
        await put('dir/first');
        s3.journal.clear();
        const answer = await scene().client.upload(form(filePart('dir/second')), {
          stage_name: scene().store.stage,
        });
        expect(answer.status).toBe(200);
        expect(s3.journal.entries.map(({ operation }) => operation)).toEqual(['PutObject']);
      });

      const bucket = (): PermissiveS3['store'] => {
        const name = s3.journal.entries.find(({ bucket: each }) => each.startsWith('e2e-'))?.bucket;
        return s3.storeOf(name ?? known);
      };
      let known = '';
      const plant = (name: string, content: string): Promise<void> => {
        known = s3.journal.entries.find(({ bucket: each }) => each.startsWith('e2e-'))?.bucket ?? known;
        s3.storeOf(known).put(`some/prefix/${name}`, content);
        return Promise.resolve();
      };
    },
  );
});
