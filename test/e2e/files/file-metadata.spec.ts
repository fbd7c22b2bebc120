import { randomUUID } from 'node:crypto';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Client, type FileRow } from '../support/client.js';
import { hexMd5 } from '../support/digests.js';
import { filePart, form } from '../support/form.js';
import { connectionTo, describeOnMinio, makeBucket } from '../support/minio.js';
import { SqlClient } from '../support/sql-client.js';
import { onEachStore, type Scene, type Store } from '../support/stores.js';
import { removeFolder, startTestApp, temporaryFolder, type TestApp } from '../support/test-app.js';
import { send, uploadIdOf, uploadStatus, WAYS } from '../support/uploads.js';

const ROOT = "'root'@'%'";
const NAME = 'dir/été 1.csv';
const ESCAPED = encodeURIComponent(NAME);
const LARGE = Buffer.alloc(9 * 1024 ** 2 + 1, 'a long content ');

type Facts = Pick<FileRow, 'name' | 'size' | 'md5' | 'creator'>;

/** The same rows by each way to list a stage. */
async function listed(client: Client, stage: string): Promise<readonly Facts[]> {
  const { files } = await client.page(stage);
  const rows = files.map(({ name, size, md5, creator }) => ({ name, size, md5, creator }));
  const sql = new SqlClient(client);
  const asText = rows.map(({ size, md5, ...row }) => ({ ...row, md5: inSql(md5), size: String(size) }));
  for (const statement of [`LIST @${stage}`, `SELECT * FROM list_stage(location => '@${stage}')`]) {
    const found = await sql.rows(statement);
    expect(found.map(([name, size, md5, , creator]) => ({ name, size, md5, creator }))).toEqual(asText);
  }
  return rows;
}

/** SQL has digests in quotes, and an object's ETag where REST has the digest of the file. */
function inSql(md5: string | null): unknown {
  if (md5?.startsWith('"') ?? true) return md5;
  return expect.stringMatching(new RegExp(`^"(?:${String(md5)}|[0-9a-f]{32}-\\d+)"$`));
}

const known = (name: string, content: Buffer | string): Facts => ({
  name,
  size: Buffer.byteLength(content),
  md5: hexMd5(content),
  creator: ROOT,
});

/** What a store says of a file that the service knows nothing of: on S3 its ETag, with quotes as Databend shows it. */
const foreign = ({ kind }: Store, name: string, content: Buffer | string): Facts => ({
  name,
  size: Buffer.byteLength(content),
  md5: kind === 's3' ? `"${hexMd5(content)}"` : null,
  creator: null,
});

onEachStore('a listing of files that came in through the service', (scene) => {
  const stage = (): string => scene().store.stage;
  const upload = async (content: Buffer | string, name = ESCAPED): Promise<void> => {
    const answer = await send('a raw upload', scene().client, { stage: stage(), name, content });
    expect(answer.status).toBeLessThan(300);
  };
  const list = (): Promise<readonly Facts[]> => listed(scene().client, stage());

  it.each(WAYS)('shows the md5 and the creator of %s, short, long and empty', async (way) => {
    const { client } = scene();
    const contents = { empty: '', large: LARGE, small: 'x' };
    for (const [name, content] of Object.entries(contents)) {
      expect((await send(way, client, { stage: stage(), name, content })).status).toBeLessThan(300);
    }
    expect(await list()).toEqual(Object.entries(contents).map(([name, content]) => known(name, content)));
    if (scene().store.kind === 's3') expect(await scene().store.mark('large')).toMatch(/^"[0-9a-f]{32}-\d+"/);
  });

  it('shows what took another’s place', async () => {
    await upload('first');
    await upload('second');
    expect(await list()).toEqual([known(NAME, 'second')]);
  });

  it('tells known files from foreign ones beside them', async () => {
    const { client, store } = scene();
    const names = ['a', 'a-b', 'b', 'é', '\uffee', '🎭']; // in byte order
    for (const [index, name] of names.entries()) {
      if (index % 2 === 1) await store.put(name, name);
      else
        expect((await client.upload(form(filePart(name, name)), { stage_name: store.stage })).status).toBe(
          200,
        );
    }
    const rows = names.map((name, index) =>
      index % 2 === 1 ? foreign(store, name, name) : known(name, name),
    );
    expect(await list()).toEqual(rows);
  });

  it('shows what the store says when the file was replaced behind its back', async () => {
    await upload('original');
    await scene().store.put(NAME, 'replaced');
    expect(await list()).toEqual([foreign(scene().store, NAME, 'replaced')]);
    await upload('original');
    expect(await list()).toEqual([known(NAME, 'original')]);
  });

  it('shows nothing of a file that was removed behind its back, nor of the next one in its place', async () => {
    await upload('original');
    await scene().store.remove(NAME);
    expect(await list()).toEqual([]);
    await scene().store.put(NAME, 'foreign!');
    expect(await list()).toEqual([foreign(scene().store, NAME, 'foreign!')]);
  });

  it.each<[string, (scene: Scene) => Promise<unknown>]>([
    [
      'DELETE of the file',
      ({ client }) => client.send(`/v1/stages/${stage()}/files/${ESCAPED}`, { method: 'DELETE' }),
    ],
    [
      'DELETE by prefix',
      ({ client }) => client.send(`/v1/stages/${stage()}/files?prefix=dir`, { method: 'DELETE' }),
    ],
    ['REMOVE', ({ client }) => new SqlClient(client).run(`REMOVE @${stage()}`)],
  ])(
    'shows nothing more of a file after %s, where the very same is put there behind its back',
    async (_by, remove) => {
      await upload('original');
      await remove(scene());
      await scene().store.put(NAME, 'original');
      expect(await list()).toEqual([foreign(scene().store, NAME, 'original')]);
    },
  );

  it('shows the row of the answer to a raw upload', async () => {
    for (const content of ['small', LARGE]) {
      const answer = await send('a raw upload', scene().client, { stage: stage(), name: ESCAPED, content });
      expect(JSON.parse(answer.body.toString())).toMatchObject(known(NAME, content));
    }
  });
});

describe('a file on local disk that is changed in place', () => {
  let testApp: TestApp;
  let client: Client;

  beforeAll(async () => {
    testApp = await startTestApp();
    client = new Client(testApp);
  });

  afterAll(() => testApp.close());

  it.each<[string, (path: string) => Promise<unknown>]>([
    ['by a byte', (file) => writeAt(file, 3)],
    ['by what is added to it', (file) => writeAt(file, 8)],
  ])('%s, has no md5 and no creator any more', async (_how, change) => {
    await client.upload(form(filePart('f', 'original')));
    expect(await listed(client, '~')).toEqual([known('f', 'original')]);
    await change(join(testApp.dataDir, 'internal/stage/user/root/f'));
    expect(await listed(client, '~')).toMatchObject([{ name: 'f', md5: null, creator: null }]);
  });
});

async function writeAt(path: string, position: number): Promise<void> {
  const file = await open(path, 'r+');
  await file.write('!', position);
  await file.close();
}

interface Neighbours {
  readonly settings?: Readonly<Record<string, string>>;
  /** Where the wide one lies, and how to get there. */
  readonly wide: { readonly url: string; readonly connection: Readonly<Record<string, string>> };
  /** Where below it the narrow one lies. */
  readonly below: string;
}

/** Two stages whose files are partly the same. */
function neighboursShareWhatIsKnown(given: () => Promise<Neighbours>): void {
  let testApp: TestApp;
  let client: Client;
  let below: string;

  beforeAll(async () => {
    const { settings, wide, ...rest } = await given();
    below = rest.below;
    testApp = await startTestApp(settings);
    client = new Client(testApp);
    for (const [name, url] of Object.entries({ wide: wide.url, narrow: wide.url + below }))
      expect((await client.createStage({ name, ...wide, url })).status).toBe(201);
  });

  afterAll(() => testApp.close());

  async function upload(stage: string, name: string, content: Buffer | string): Promise<void> {
    expect((await client.upload(form(filePart(name, content)), { stage_name: stage })).status).toBe(200);
  }

  it('of a file that came in through the wide one', async () => {
    await upload('wide', `${below}f`, LARGE);
    expect(await listed(client, 'wide')).toEqual([known(`${below}f`, LARGE)]);
    expect(await listed(client, 'narrow')).toEqual([known('f', LARGE)]);
  });

  it('of a file that came in through the narrow one', async () => {
    await upload('narrow', 'f', 'narrow');
    expect(await listed(client, 'wide')).toEqual([known(`${below}f`, 'narrow')]);
    expect(await listed(client, 'narrow')).toEqual([known('f', 'narrow')]);
  });

  it('of a file that was replaced and removed through the other one', async () => {
    await upload('narrow', 'f', 'first');
    await upload('wide', `${below}f`, 'the second');
    expect(await listed(client, 'narrow')).toEqual([known('f', 'the second')]);
    await client.send('/v1/stages/narrow/files/f', { method: 'DELETE' });
    expect(await listed(client, 'wide')).toEqual([]);
  });
}

describe('two stages on one folder see the same', () => {
  let folder: string;

  afterAll(() => removeFolder(folder));

  neighboursShareWhatIsKnown(async () => {
    folder = await temporaryFolder();
    const wide = { url: `fs://${folder}/`, connection: {} };
    return { settings: { FS_STAGE_ROOTS: folder }, wide, below: '' };
  });
});

describeOnMinio('two stages on one bucket see the same', (minio) => {
  neighboursShareWhatIsKnown(async () => {
    const bucket = `e2e-${randomUUID()}`;
    await makeBucket(minio, bucket);
    return { wide: { url: `s3://${bucket}/wide/`, connection: connectionTo(minio) }, below: 'narrow/' };
  });
});

onEachStore(
  'without md5',
  (scene) => {
    it.each(['small', LARGE])(
      'a listing shows the creator, and the digest of the store (case %#)',
      async (content) => {
        const { client, store } = scene();
        const answer = await client.upload(form(filePart('f', content)), { stage_name: store.stage });
        expect(answer.status).toBe(200);
        const [etag] = (await store.mark('f')).split(' ');
        const md5 = store.kind === 's3' ? etag : null;
        expect(await listed(client, store.stage)).toEqual([{ ...known('f', content), md5 }]);
      },
    );

    it('skip-if-same finds the very same all the same, and another one of its length', async () => {
      const { client, store } = scene();
      const outcomeOf = async (content: string): Promise<string | undefined> => {
        const headers = { 'x-stagedoor-overwrite': 'skip-if-same' };
        const answer = await send('a form', client, { stage: store.stage, name: 'f', content, headers });
        return (await uploadStatus(client, uploadIdOf(answer))).files[0]?.outcome;
      };
      expect(await outcomeOf('old')).toBe('stored');
      expect(await outcomeOf('old')).toBe('skipped');
      expect(await outcomeOf('new')).toBe('stored');
    });
  },
  { UPLOAD_MD5: 'off' },
);

describe('a server that is started again', () => {
  it('still knows its files', async () => {
    const folder = await temporaryFolder();
    try {
      const first = await startTestApp({ DATA_DIR: folder });
      await new Client(first).upload(form(filePart('f', 'content')));
      await first.close();
      const second = await startTestApp({ DATA_DIR: folder });
      expect(await listed(new Client(second), '~')).toEqual([known('f', 'content')]);
      await second.close();
    } finally {
      await removeFolder(folder);
    }
  });
});
