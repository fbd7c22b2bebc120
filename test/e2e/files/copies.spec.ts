import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { OPERATOR } from '../../../src/access/principal.js';
import { StageCopies } from '../../../src/stages/copies/stage-copies.js';
import { StageService } from '../../../src/stages/files/stage.service.js';
import { listedKey } from '../../../src/storage/contract/listed-key.js';
import { objectKey } from '../../../src/storage/contract/object-key.js';
import { ofKind } from '../../unit/of-kind.js';
import { newPerson, NO_STAGE, Rest } from '../people/rest.js';
import { Client, type FileRow } from '../support/client.js';
import { hexMd5 } from '../support/digests.js';
import { eventually, expectError, filesBelow } from '../support/expectations.js';
import { describeOnMinio } from '../support/minio.js';
import { bucketStore, onEachStore, type Store } from '../support/stores.js';
import { removeFolder, startTestApp, temporaryFolder, type TestApp } from '../support/test-app.js';

const ROOT = "'root'@'%'";
const LARGE = Buffer.alloc(9 * 1024 ** 2 + 1, 'a long content ');
const VERBS = ['copy', 'move'] as const;
type Verb = (typeof VERBS)[number];
type Fields = Readonly<Record<string, unknown>>;

async function ask(
  client: Client,
  line: `${string} ${Verb}`,
  body: Fields,
  headers: Fields = {},
): Promise<Response> {
  const [stage = '', verb = ''] = line.split(' ');
  return client.send(`/v1/stages/${stage}/${verb}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

async function put(
  client: Client,
  stage: string,
  name: string,
  body: Buffer | string = name,
): Promise<string> {
  const answer = await client.send(`/v1/stages/${stage}/files/${name}`, {
    method: 'PUT',
    headers: { 'content-type': 'text/x-odd' },
    body,
  });
  expect(answer.status).toBeLessThan(300);
  return answer.headers.get('etag') ?? '';
}

async function rows(client: Client, stage: string): Promise<readonly Partial<FileRow>[]> {
  return (await client.page(stage)).files.map(({ name, size, md5, creator }) => ({
    name,
    size,
    md5,
    creator,
  }));
}

const known = (name: string, content: Buffer | string): Partial<FileRow> => ({
  name,
  size: Buffer.byteLength(content),
  md5: hexMd5(content),
  creator: ROOT,
});

onEachStore('a copy or a move within a stage', (scene) => {
  const stage = (): string => scene().store.stage;
  const make = (name: string, content?: Buffer | string): Promise<string> =>
    put(scene().client, stage(), name, content);
  const to = (verb: Verb, body: Fields, headers?: Fields): Promise<Response> =>
    ask(scene().client, `${stage()} ${verb}`, body, headers);
  const names = (): Promise<string[]> => scene().client.names(stage());

  describe.each(VERBS)('%s', (verb) => {
    it.each([
      ['nothing', ''],
      ['a few bytes', 'content'],
      ['megabytes', LARGE],
    ])('of %s is 201 with the row, and keeps content, type, md5 and creator', async (_what, content) => {
      await make('dir/été 1.csv', content);
      const answer = await to(verb, { from: 'dir/été 1.csv', to: 'new/a b.csv' });
      expect(answer.status).toBe(201);
      expect(await answer.json()).toMatchObject(known('new/a b.csv', content));
      const file = await scene().client.send(`/v1/stages/${stage()}/files/new/a%20b.csv`);
      expect(file.headers.get('content-type')).toBe('text/x-odd');
      expect(file.headers.get('etag')).toBe(answer.headers.get('etag'));
      expect(Buffer.from(await file.arrayBuffer()).equals(Buffer.from(content))).toBe(true);
      const moved = [known('new/a b.csv', content)];
      const both = [known('dir/été 1.csv', content), ...moved];
      expect(await rows(scene().client, stage())).toEqual(verb === 'copy' ? both : moved);
    });

    it('is 200 where it replaces a file', async () => {
      await make('a.csv', 'new');
      await make('b.csv', 'old');
      expect((await to(verb, { from: 'a.csv', to: 'b.csv' })).status).toBe(200);
      expect(await scene().client.content(stage(), 'b.csv')).toBe('new');
      expect(await rows(scene().client, stage())).toContainEqual(known('b.csv', 'new'));
    });

    it('takes a file of which the service knows nothing, under the exact name that is listed', async () => {
      await scene().store.put('put by others.csv', 'foreign');
      expect((await to(verb, { from: 'put by others.csv', to: 'mine.csv' })).status).toBe(201);
      expect(await scene().client.content(stage(), 'mine.csv')).toBe('foreign');
    });

    it('with If-None-Match: * is 412 where a file is, and leaves both', async () => {
      await make('a.csv');
      await make('b.csv');
      const refused = await to(verb, { from: 'a.csv', to: 'b.csv' }, { 'if-none-match': '*' });
      await expectError(refused, { status: 412, code: 2504, message: /is there already/ });
      expect(await scene().client.content(stage(), 'b.csv')).toBe('b.csv');
      expect(await names()).toEqual(['a.csv', 'b.csv']);
      expect((await to(verb, { from: 'a.csv', to: 'c.csv' }, { 'if-none-match': '*' })).status).toBe(201);
      expect(await rows(scene().client, stage())).toContainEqual(known('c.csv', 'a.csv'));
    });

    it('with If-Match replaces only the file that is meant', async () => {
      await make('a.csv');
      const etag = await make('b.csv');
      const stale = await to(verb, { from: 'a.csv', to: 'b.csv' }, { 'if-match': '"another"' });
      await expectError(stale, { status: 412, code: 2504, message: /not the one with that ETag/ });
      expect(await names()).toEqual(['a.csv', 'b.csv']);
      expect((await to(verb, { from: 'a.csv', to: 'b.csv' }, { 'if-match': etag })).status).toBe(200);
      expect(await scene().client.content(stage(), 'b.csv')).toBe('a.csv');
    });

    it('with from_etag takes only the version that is meant', async () => {
      const old = await make('a.csv', 'old');
      const etag = await make('a.csv', 'newer');
      const stale = await to(verb, { from: 'a.csv', to: 'b.csv', from_etag: old });
      await expectError(stale, { status: 412, code: 2504, message: /has changed/ });
      expect(await names()).toEqual(['a.csv']);
      expect((await to(verb, { from: 'a.csv', to: 'b.csv', from_etag: etag })).status).toBe(201);
    });

    it('is 404 for what is not there, and for a directory', async () => {
      await make('dir/a.csv');
      for (const from of ['nothing.csv', 'dir', 'dir/', 'a.csv']) {
        const answer = await to(verb, { from, to: 'b.csv' });
        await expectError(answer, { status: 404, code: 3001, message: /no such/i });
      }
      expect(await names()).toEqual(['dir/a.csv']);
    });

    it('is 400 onto itself, and leaves the file', async () => {
      await make('a.csv');
      for (const name of ['a.csv', '/a.csv', '//a.csv']) {
        const answer = await to(verb, { from: 'a.csv', to: name });
        await expectError(answer, { status: 400, code: 1006, message: /onto itself/ });
      }
      expect(await scene().client.content(stage(), 'a.csv')).toBe('a.csv');
    });

    it.each([
      ['', /empty/],
      ['dir/', /not a directory/],
      ['../up.csv', /'\.\.'/],
      ['a\nb', /control/],
    ])('is 400 to %j, as an upload is', async (name, message) => {
      await make('a.csv');
      await expectError(await to(verb, { from: 'a.csv', to: name }), { status: 400, code: 1006, message });
      expect(await names()).toEqual(['a.csv']);
    });

    it.each<[string, Fields, RegExp]>([
      ['no target', { from: 'a.csv' }, /to/],
      ['no source', { to: 'a.csv' }, /from/],
      ['another field', { from: 'a.csv', to: 'b.csv', onto: 'c' }, /onto/],
      ['an ETag without quotes', { from: 'a.csv', to: 'b.csv', from_etag: 'abc' }, /double quotes/],
    ])('is 400 with %s', async (_what, body, message) => {
      await expectError(await to(verb, body), { status: 400, code: 1006, message });
    });

    it('is 404 out of a stage that does not exist', async () => {
      const answer = await to(verb, { from_stage: 'nowhere', from: 'a.csv', to: 'b.csv' });
      await expectError(answer, { status: 404, code: 2501, message: /nowhere/ });
    });

    it('gets its first answer again under its Idempotency-Key', async () => {
      await make('a.csv');
      const headers = { 'idempotency-key': `${verb}-once` };
      const first = await to(verb, { from: 'a.csv', to: `${verb}-b.csv` }, headers);
      const again = await to(verb, { from: 'a.csv', to: `${verb}-b.csv` }, headers);
      expect([first.status, again.status]).toEqual([201, 201]);
      expect(await again.json()).toEqual(await first.json());
      const other = await to(verb, { from: 'a.csv', to: 'c.csv' }, headers);
      expect(other.status).toBe(422);
    });

    it('is recorded as an upload', async () => {
      await make('a.csv');
      const answer = await to(verb, { from: 'a.csv', to: 'b.csv' });
      const id = answer.headers.get('x-stagedoor-upload-id') ?? '';
      const status = await scene().client.send(`/v1/uploads/${id}`);
      expect(await status.json()).toMatchObject({ state: 'SUCCESS' });
    });

    it('of many at once to one name with If-None-Match: * is done once, and loses no file', async () => {
      const all = Array.from({ length: 6 }, (_, i) => `${String(i)}.csv`);
      for (const name of all) await make(name);
      const statuses = await Promise.all(
        all.map(async (from) => (await to(verb, { from, to: 'one.csv' }, { 'if-none-match': '*' })).status),
      );
      expect(statuses.toSorted()).toEqual([201, 412, 412, 412, 412, 412]);
      expect(await names()).toHaveLength(verb === 'copy' ? 7 : 6);
    });
  });

  it('a move keeps the file on a disk as it is: inode and times', async () => {
    await make('a.csv');
    if (scene().store.kind !== 'fs') return;
    const [inode, modified] = (await scene().store.mark('a.csv')).split(' ');
    await to('move', { from: 'a.csv', to: 'deep/er/b.csv' });
    expect((await scene().store.mark('deep/er/b.csv')).split(' ').slice(0, 2)).toEqual([inode, modified]);
  });

  it('a file whose source has been moved away shows nothing of it in its old place', async () => {
    await make('a.csv', 'content');
    await to('move', { from: 'a.csv', to: 'b.csv' });
    await scene().store.put('a.csv', 'content');
    const [row] = await rows(scene().client, stage());
    expect(row).toMatchObject({ name: 'a.csv', creator: null });
  });
});

interface Places {
  readonly client: Client;
  readonly from: string;
  readonly to: string;
  readonly store: Store | undefined;
  readonly testApp: TestApp;
}

/** What holds between two stages, however they lie to each other. */
function betweenStages(places: () => Places): void {
  it.each(VERBS)('%s keeps content, type, md5 and creator', async (verb) => {
    const { client, from, to } = places();
    for (const [name, content] of Object.entries({ small: 'content', large: LARGE, empty: '' })) {
      await put(client, from, name, content);
      const answer = await ask(client, `${to} ${verb}`, { from_stage: from, from: name, to: `got/${name}` });
      expect(answer.status).toBe(201);
      expect(await rows(client, to)).toContainEqual(known(`got/${name}`, content));
      const file = await client.send(`/v1/stages/${to}/files/got/${name}`);
      expect(file.headers.get('content-type')).toBe('text/x-odd');
      expect(Buffer.from(await file.arrayBuffer()).equals(Buffer.from(content))).toBe(true);
      expect((await client.names(from)).includes(name)).toBe(verb === 'copy');
    }
  });

  it.each(VERBS)('%s with If-None-Match: * leaves both where the name is taken', async (verb) => {
    const { client, from, to } = places();
    await put(client, from, 'a', 'mine');
    await put(client, to, 'a', 'other');
    const body = { from_stage: from, from: 'a', to: 'a' };
    expect((await ask(client, `${to} ${verb}`, body, { 'if-none-match': '*' })).status).toBe(412);
    expect([await client.content(from, 'a'), await client.content(to, 'a')]).toEqual(['mine', 'other']);
  });
}

describe('a copy or a move between stages', () => {
  let testApp: TestApp;
  let client: Client;
  let root: Rest;

  beforeAll(async () => {
    testApp = await startTestApp();
    client = new Client(testApp);
    root = new Rest(testApp);
    for (const name of ['first', 'second']) await root.get('POST /v1/stages', { name }, 201);
  });

  afterAll(() => testApp.close());

  afterEach(async () => {
    for (const stage of ['~', 'first', 'second'])
      await client.send(`/v1/stages/${stage}/files?prefix=`, { method: 'DELETE' });
  });

  describe('of one disk', () => {
    betweenStages(() => ({ client, testApp, from: 'first', to: 'second', store: undefined }));
  });

  describe('from the own stage', () => {
    betweenStages(() => ({ client, testApp, from: '~', to: 'second', store: undefined }));
  });

  it('needs READ on the source, and WRITE too if it moves', async () => {
    const ann = await newPerson(testApp, 'ann');
    const grant = (stage: string, privileges: readonly string[]): Promise<void> =>
      root.done(`PUT /v1/stages/${stage}/grants/users/ann`, { privileges });
    await put(client, 'first', 'a');
    await grant('second', ['WRITE']);
    const asked = (verb: Verb): Promise<{ status: number; kind?: string }> =>
      ann.refusal(`POST /v1/stages/second/${verb}`, { from_stage: 'first', from: 'a', to: 'b' });
    for (const verb of VERBS) expect(await asked(verb)).toMatchObject(NO_STAGE);
    await grant('first', ['WRITE']);
    for (const verb of VERBS) expect(await asked(verb)).toMatchObject({ status: 403 });
    await grant('first', ['READ']);
    expect(await asked('move')).toMatchObject({ status: 403 });
    expect(await client.names('second')).toEqual([]);
    const body = { from_stage: 'first', from: 'a', to: 'b' };
    expect((await ann.send('POST /v1/stages/second/copy', body)).status).toBe(201);
    await grant('first', ['READ', 'WRITE']);
    expect((await ann.send('POST /v1/stages/second/move', body)).status).toBe(200);
    await grant('second', ['READ']);
    expect(await asked('copy')).toMatchObject({ status: 403 });
    expect(await rows(client, 'second')).toEqual([known('b', 'a')]);
  });

  it('by an API token stays below its prefix, on both sides', async () => {
    const scope = { stages: ['first'], prefix: 'mine/', privileges: ['READ', 'WRITE'] };
    const person = await newPerson(testApp, 'scoped');
    await root.done('PUT /v1/stages/first/grants/users/scoped', { privileges: ['READ', 'WRITE'] });
    const { token } = await person.get<{ token: string }>('POST /v1/tokens', { name: 't', scope }, 201);
    const scoped = new Rest(testApp, `Bearer ${token}`);
    for (const name of ['mine/a', 'theirs']) await put(client, 'first', name);
    for (const verb of VERBS) {
      for (const [from, to] of [
        ['theirs', 'mine/b'],
        ['mine/a', 'theirs'],
        ['mine/a', 'other'],
      ]) {
        const refusal = await scoped.refusal(`POST /v1/stages/first/${verb}`, { from, to });
        expect(refusal).toMatchObject({ status: 403, kind: 'TokenScope' });
      }
    }
    expect(await client.names('first')).toEqual(['mine/a', 'theirs']);
    const inside = { from: 'mine/a', to: 'mine/b' };
    expect((await scoped.send('POST /v1/stages/first/move', inside)).status).toBe(201);
  });

  it('whose source is not what was stored is 502, and leaves nothing', async () => {
    await put(client, 'first', 'a', 'content');
    const file = join(testApp.dataDir, 'internal/stage/internal/first/a');
    // To its last nanosecond, as a disk does that rots: the ETag stays.
    const changeUnseen =
      'touch -r "$1" "$1.time" && printf CONTENT > "$1" && touch -r "$1.time" "$1" && rm "$1.time"';
    await promisify(execFile)('sh', ['-c', changeUnseen, 'sh', file]);
    const answer = await ask(client, 'second copy', { from_stage: 'first', from: 'a', to: 'a' });
    await expectError(answer, { status: 502, code: 4000, message: /not those that were stored/ });
    expect(await client.names('second')).toEqual([]);
    expect(await filesBelow(join(testApp.dataDir, 'internal/.stagedoor-unfinished'))).toEqual([]);
  });

  it('into a stage that was dropped meanwhile moves the file back', async () => {
    await put(client, 'first', 'a', 'content');
    await root.get('POST /v1/stages', { name: 'short_lived' }, 201);
    const stages = testApp.app.get(StageService);
    const to = await stages.resolve('short_lived', OPERATOR, 'Write');
    const from = await stages.resolve('first', OPERATOR, 'Write');
    await root.done('DELETE /v1/stages/short_lived');
    const copies = testApp.app.get(StageCopies);
    const moving = copies.move(await copies.find(from, listedKey('a')), to, objectKey('a'));
    await expect(moving).rejects.toThrow(ofKind('UnknownStage'));
    expect(await rows(client, 'first')).toEqual([known('a', 'content')]);
    await root.get('POST /v1/stages', { name: 'short_lived' }, 201);
    expect(await client.names('short_lived')).toEqual([]);
  });

  it('of a client that leaves ends, and leaves nothing', async () => {
    await put(client, 'first', 'big', Buffer.alloc(300 * 1024 ** 2, 1));
    const body = JSON.stringify({ from_stage: 'first', from: 'big', to: 'big' });
    const connection = await client.start(
      'POST /v1/stages/second/copy',
      { 'content-type': 'application/json', 'content-length': String(body.length) },
      body,
    );
    await eventually(async () => {
      expect(await filesBelow(join(testApp.dataDir, 'internal/.stagedoor-unfinished'))).toHaveLength(1);
    });
    connection.leave();
    await eventually(async () => {
      expect(await filesBelow(join(testApp.dataDir, 'internal/.stagedoor-unfinished'))).toEqual([]);
    });
    await delay(50);
    expect(await client.names('second')).toEqual([]);
    expect(await client.names('first')).toEqual(['big']);
  });
});

describe('a move between two stages that reach one file by two names', () => {
  it('is 400, and leaves the file', async () => {
    const folder = await temporaryFolder();
    const testApp = await startTestApp({ FS_STAGE_ROOTS: folder });
    const client = new Client(testApp);
    try {
      await mkdir(join(folder, 'outer/inner'), { recursive: true });
      for (const [name, path] of [
        ['wide', 'outer'],
        ['narrow', 'outer/inner'],
      ]) {
        const created = await client.createStage({
          name: String(name),
          url: `fs://${folder}/${String(path)}/`,
        });
        expect(created.status).toBe(201);
      }
      await put(client, 'wide', 'inner/a', 'content');
      const move = await ask(client, 'narrow move', { from_stage: 'wide', from: 'inner/a', to: 'a' });
      await expectError(move, { status: 400, code: 1006, message: /onto itself/ });
      expect(await client.content('narrow', 'a')).toBe('content');
      const apart = await ask(client, 'narrow move', { from_stage: 'wide', from: 'inner/a', to: 'b' });
      expect(apart.status).toBe(201);
      expect([await client.names('wide'), await client.content('narrow', 'b')]).toEqual([
        ['inner/b'],
        'content',
      ]);
    } finally {
      await testApp.close();
      await removeFolder(folder);
    }
  });
});

describeOnMinio('a copy or a move between a disk and S3', (minio) => {
  let testApp: TestApp;
  let client: Client;
  let store: Store;

  beforeAll(async () => {
    testApp = await startTestApp();
    client = new Client(testApp);
    store = await bucketStore(minio, client);
  });

  afterAll(() => testApp.close());

  afterEach(async () => {
    for (const stage of ['~', store.stage])
      await client.send(`/v1/stages/${stage}/files?prefix=`, { method: 'DELETE' });
  });

  describe('to S3', () => {
    betweenStages(() => ({ client, testApp, from: '~', to: store.stage, store }));
  });

  describe('from S3', () => {
    betweenStages(() => ({ client, testApp, from: store.stage, to: '~', store }));
  });
});
