import { hexMd5 } from '../support/digests.js';
import { filePart, form } from '../support/form.js';
import { SqlClient } from '../support/sql-client.js';
import { onEachStore } from '../support/stores.js';

/** Goes up to S3 in parts. */
const LARGE = Buffer.alloc(9 * 1024 ** 2 + 1, 'a long content ');

onEachStore('the md5 of LIST over SQL', (scene) => {
  const md5InSql = async (statement = `LIST @${scene().store.stage}`): Promise<unknown[]> =>
    (await new SqlClient(scene().client).rows(statement)).map(([, , md5]) => md5);

  async function uploaded(content: Buffer): Promise<{ etag: string }> {
    const { client, store } = scene();
    await client.upload(form(filePart('f', content)), { stage_name: store.stage });
    return { etag: (await store.mark('f')).split(' ')[0] ?? '' };
  }

  it.each([
    ['a short file', Buffer.from('content')],
    ['an empty file', Buffer.alloc(0)],
    ['a file of several parts', LARGE],
  ])('of %s stands in quotes as Databend has it, and bare over REST', async (_what, content) => {
    const { client, store } = scene();
    const { etag } = await uploaded(content);
    const digest = hexMd5(content);
    const expected = store.kind === 's3' ? etag : `"${digest}"`;
    if (store.kind === 's3') expect(etag).toMatch(content === LARGE ? /^"[0-9a-f]{32}-2"$/ : `"${digest}"`);
    expect(await md5InSql()).toEqual([expected]);
    expect((await client.page(store.stage)).files.map(({ md5 }) => md5)).toEqual([digest]);
  });

  it('is found by a condition, and is NULL where nothing is known', async () => {
    const { store } = scene();
    const { etag } = await uploaded(Buffer.from('content'));
    await store.put('foreign', 'content');
    const digest = hexMd5('content');
    const from = `FROM list_stage(location => '@${store.stage}')`;
    const named = `SELECT name, size, md5 ${from} WHERE md5 = '"${digest}"' ORDER BY name`;
    const both = store.kind === 's3';
    if (both) expect(etag).toBe(`"${digest}"`);
    expect(await md5InSql(named)).toEqual(both ? [etag, etag] : [`"${digest}"`]);
    expect(await md5InSql(`SELECT name, size, md5 ${from} WHERE name = 'foreign'`)).toEqual([
      both ? etag : null,
    ]);
  });
});
