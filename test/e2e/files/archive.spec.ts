import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdir, readlink, rename, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { newPerson, Rest } from '../people/rest.js';
import { entriesOf } from '../../unit/stages/archive/zip-entries.js';
import { archived, restOf, zip } from '../stores/asked-archives.js';
import { Client } from '../support/client.js';
import { eventually, expectError } from '../support/expectations.js';
import { onEachStore } from '../support/stores.js';
import { removeFolder, startTestApp, temporaryFolder, type TestApp } from '../support/test-app.js';

const run = promisify(execFile);
const MIB = 1024 ** 2;
const LARGE = randomBytes(9 * MIB + 1);

async function put(client: Client, stage: string, name: string, body: Buffer | string = name): Promise<void> {
  const answer = await client.send(`/v1/stages/${stage}/files/${name}`, { method: 'PUT', body });
  expect(answer.status).toBeLessThan(300);
}

onEachStore('an archive', (scene) => {
  const stage = (): string => scene().store.stage;

  it('has every file of the stage under its name, short, long and empty', async () => {
    const contents = { 'dir/été 1.csv': 'small', empty: '', large: LARGE };
    for (const [name, content] of Object.entries(contents)) await put(scene().client, stage(), name, content);
    const entries = await archived(scene().client, stage());
    expect(entries).toEqual(
      Object.entries(contents).map(([name, content]) => [
        name,
        Buffer.from(content).toString('latin1').slice(0, 1000),
        content.length,
      ]),
    );
  });

  it('has those that prefix and pattern select', async () => {
    for (const name of ['a/1.csv', 'a/2.txt', 'b/1.csv']) await put(scene().client, stage(), name);
    const names = async (query: string): Promise<string[]> =>
      (await archived(scene().client, stage(), query)).map(([name]) => name);
    expect(await names('?prefix=a/')).toEqual(['a/1.csv', 'a/2.txt']);
    expect(await names('?pattern=.*%5C.csv')).toEqual(['a/1.csv', 'b/1.csv']);
    expect(await names('?prefix=a/&pattern=.*%5C.csv')).toEqual(['a/1.csv']);
  });

  it('says at its end which names were made safe', async () => {
    await put(scene().client, stage(), 'Same.csv', 'one');
    await put(scene().client, stage(), 'same.csv', 'other');
    await scene().store.put('c:d.csv', 'drive');
    const entries = await archived(scene().client, stage());
    expect(entries.map(([name]) => name)).toEqual(['Same.csv', 'c_d.csv', 'same~2.csv', '_notes.csv']);
    expect(entries.at(-1)?.[1]).toBe(
      'name,name_in_stage,note\r\n"c_d.csv","c:d.csv","renamed"\r\n"same~2.csv","same.csv","renamed"\r\n',
    );
  });

  it('of no file is 404', async () => {
    const answer = await zip(scene().client, stage(), '?prefix=nothing');
    await expectError(answer, { status: 404, code: 3001, message: /nothing to put into an archive/ });
  });
});

describe('an archive of a stage on disk', () => {
  let testApp: TestApp;
  let client: Client;

  beforeAll(async () => {
    testApp = await startTestApp();
    client = new Client(testApp);
    for (const name of ['shelf', 'failing', 'removing', 'long'])
      expect((await client.createStage({ name })).status).toBe(201);
  });

  afterAll(() => testApp.close());

  const pathOf = (stage: string, name: string): string =>
    join(testApp.dataDir, 'internal/stage/internal', stage, name);

  it.each([
    ['shelf', '', 'shelf.zip'],
    ['shelf', '?prefix=2026/no', 'shelf-2026-no.zip'],
    ['~', '', 'files.zip'],
  ])('of %s%s is saved as %s', async (stage, query, name) => {
    await put(client, stage, '2026/november.csv');
    const answer = await zip(client, stage, query);
    await answer.arrayBuffer();
    expect(answer.headers.get('content-disposition')).toContain(`filename="${name}"`);
  });

  it('answers HEAD with the status and headers of GET', async () => {
    await put(client, 'shelf', '2026/november.csv');
    const answer = await client.send('/v1/stages/shelf/zip', { method: 'HEAD' });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/zip']);
    expect((await client.send('/v1/stages/shelf/zip?prefix=nothing', { method: 'HEAD' })).status).toBe(404);
  });

  it('gives files the times of the stage, and a mode by which others may read them', async () => {
    await put(client, 'shelf', '2026/november.csv', 'content');
    const modified = new Date('2026-11-25T19:21:23Z');
    await utimes(pathOf('shelf', '2026/november.csv'), modified, modified);
    const folder = await temporaryFolder();
    const archive = join(folder, 'shelf.zip');
    await writeFile(archive, Buffer.from(await (await zip(client, 'shelf')).arrayBuffer()));
    await run('unzip', ['-q', archive, '-d', folder]);
    const { mtime, mode } = await stat(join(folder, '2026/november.csv'));
    expect([mtime, mode & 0o777]).toEqual([modified, 0o644]);
    await removeFolder(folder);
  });

  it('is broken off where a file becomes shorter, and seen to be', async () => {
    await put(client, 'failing', 'a', Buffer.alloc(24 * MIB, 'a'));
    await put(client, 'failing', 'b');
    const reader = await reading(client, 'failing');
    await truncate(pathOf('failing', 'a'), MIB);
    const { bytes, isWhole } = await restOf(reader);
    expect(isWhole).toBe(false);
    await expect(entriesOf(bytes)).rejects.toThrow();
  });

  it('names a file that is removed before its turn', async () => {
    await put(client, 'removing', 'a', Buffer.alloc(24 * MIB, 1));
    for (let i = 0; i < 20; i++) await put(client, 'removing', `b${String(i).padStart(2, '0')}`, 'x');
    const reader = await reading(client, 'removing');
    await rename(pathOf('removing', 'b19'), pathOf('shelf', 'b19'));
    const entries = await entriesOf((await restOf(reader)).bytes);
    expect(entries.map(([name]) => name)).not.toContain('b19');
    expect(entries.at(-1)).toEqual([
      '_notes.csv',
      'name,name_in_stage,note\r\n"","b19","removed while the archive was made"\r\n',
      expect.any(Number),
    ]);
  });

  it('of a client that leaves holds no file open', async () => {
    await put(client, 'long', 'large', Buffer.alloc(32 * MIB, 1));
    const open = async (): Promise<number> => {
      const links = await Promise.all(
        (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')),
      );
      return links.filter((link) => link.startsWith(join(testApp.dataDir, 'internal'))).length;
    };
    const connection = await client.start('GET /v1/stages/long/zip');
    connection.stopReading();
    await eventually(async () => {
      expect(await open()).toBeGreaterThan(0);
    });
    connection.leave();
    await eventually(async () => {
      expect(await open()).toBe(0);
    });
  });

  it('by an API token has the files below its prefix', async () => {
    const root = new Rest(testApp);
    await root.get('POST /v1/stages', { name: 'landing' }, 201);
    const ann = await newPerson(testApp, 'ann');
    await root.done('PUT /v1/stages/landing/grants/users/ann', { privileges: ['READ'] });
    for (const name of ['mine/a', 'theirs']) await put(client, 'landing', name);
    const scope = { prefix: 'mine/', privileges: ['READ'] };
    const { token } = await ann.get<{ token: string }>('POST /v1/tokens', { name: 't', scope }, 201);
    const scoped = new Client(testApp, `Bearer ${token}`);
    expect((await archived(scoped, 'landing')).map(([name]) => name)).toEqual(['mine/a']);
    await expectError(await zip(scoped, 'landing', '?prefix=theirs'), {
      status: 404,
      code: 3001,
      message: /No file/,
    });
  });

  it.each([
    ['prefix=../x', 1006, /'\.\.'/],
    ['pattern=(', 1005, /pattern/i],
    ['fresh=true', 1006, /fresh/],
  ])('with %s is 400', async (query, code, message) => {
    await expectError(await zip(client, 'shelf', `?${query}`), { status: 400, code, message });
  });
});

/** Begins to read an archive, whose first file is larger than what a connection holds. @returns a reader of all of it. */
async function reading(client: Client, stage: string): Promise<ReadableStreamDefaultReader<Uint8Array>> {
  const { body } = await zip(client, stage);
  if (body === null) throw new TypeError('an answer without a body');
  return body.getReader();
}
