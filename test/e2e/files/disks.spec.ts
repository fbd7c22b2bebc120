import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { ANOTHER_USER, asAnotherUser, describeWithMounts, Mounts } from '../../support/mounts.js';
import { newDatabaseUrl } from '../../support/test-database.js';
import { Client } from '../support/client.js';
import { expectError, filesBelow } from '../support/expectations.js';
import { SqlClient } from '../support/sql-client.js';
import { removeFolder, startTestApp, temporaryFolder, type TestApp } from '../support/test-app.js';

const TEMPORARY = '.stagedoor-unfinished';
/** What Databend's clients are told of a store that cannot be reached. */
const NOT_THERE = { status: 503, code: 3901, kind: 'StoreUnavailable' };

let folder: string;
let testApp: TestApp;
let client: Client;
let sql: SqlClient;
let mounts: Mounts;

beforeEach(async () => {
  mounts = new Mounts();
  folder = await temporaryFolder();
  await start({});
});

afterEach(async () => {
  await testApp.close();
  mounts.close();
  await removeFolder(folder);
});

async function start(settings: Record<string, string>): Promise<void> {
  testApp = await startTestApp({ FS_STAGE_ROOTS: folder, ...settings });
  client = new Client(testApp);
  sql = new SqlClient(client);
}

async function restart(settings: Record<string, string>): Promise<void> {
  await testApp.close();
  await start(settings);
}

const put = (stage: string, name: string): Promise<Response> =>
  client.send(`/v1/stages/${stage}/files/${name}`, { method: 'PUT', body: name });
const urlOf = (...path: string[]): string => `fs://${join(folder, ...path)}/`;

describe('the folder of an external stage', () => {
  it('is made with the stage, and by no upload', async () => {
    expect((await client.createStage({ name: 'ext', url: urlOf('new', 'ext') })).status).toBe(201);
    expect(readdirSync(join(folder, 'new/ext'))).toEqual([TEMPORARY]);
    expect((await put('ext', 'a.csv')).status).toBe(201);
    rmSync(join(folder, 'new'), { recursive: true });
    const told = {
      ...NOT_THERE,
      message: /^Stage ext: The directory '.*\/new\/ext' is not there: is its disk mounted\?/,
    };
    await expectError(await put('ext', 'a.csv'), told);
    await expectError(await client.send('/v1/stages/ext/files'), told);
    await expectError(await client.send('/v1/stages/ext/files/a.csv'), told);
    await expectError(await client.send('/v1/stages/ext/files/a.csv', { method: 'DELETE' }), told);
    await expectError(await client.send('/v1/stages/ext/files?prefix=', { method: 'DELETE' }), told);
    const form = await client.upload(Buffer.from(''), { stage_name: 'ext' });
    expect(form.status).not.toBe(200);
    for (const statement of ['LIST @ext', "SELECT name FROM list_stage(location => '@ext')", 'REMOVE @ext'])
      expect((await sql.answer(statement)).error).toMatchObject({ code: 3901, message: told.message });
    expect(existsSync(join(folder, 'new'))).toBe(false);
  });

  it('is made where a stage moves to, and not where a stage of the name is there already', async () => {
    await sql.run(`CREATE STAGE ext URL = '${urlOf('one')}'`);
    await sql.run(`ALTER STAGE ext SET URL = '${urlOf('two')}'`);
    await sql.run(`CREATE STAGE IF NOT EXISTS ext URL = '${urlOf('three')}'`);
    expect((await sql.answer(`CREATE STAGE ext URL = '${urlOf('three')}'`)).error?.code).toBe(2502);
    await sql.run(`CREATE OR REPLACE STAGE ext URL = '${urlOf('four')}'`);
    expect(readdirSync(folder).sort()).toEqual(['four', 'one', 'two']);
  });
});

describeWithMounts('a disk that is not mounted', () => {
  it('is told of an external stage, and nothing lands on the disk behind it', async () => {
    const [disk, place] = [join(folder, 'disk'), join(folder, 'place')];
    for (const path of [disk, place]) mkdirSync(path);
    mounts.bind(disk, place);
    await client.createStage({ name: 'ext', url: urlOf('place') });
    expect((await put('ext', 'a.csv')).status).toBe(201);
    mounts.unmount(place);
    const told = { ...NOT_THERE, message: /is not the one .*: is its disk mounted\?/ };
    await expectError(await client.send('/v1/stages/ext/files'), told);
    await expectError(await put('ext', 'b.csv'), told);
    expect(readdirSync(place)).toEqual([]);
    mounts.bind(disk, place);
    expect(await client.names('ext')).toEqual(['a.csv']);
  });

  it('is told of the internal storage by a server that starts meanwhile', async () => {
    const [disk, place] = [join(folder, 'disk'), join(folder, 'place')];
    for (const path of [disk, place]) mkdirSync(path);
    mounts.bind(disk, place);
    const settings = {
      INTERNAL_STORAGE_URL: urlOf('place', 'internal'),
      DATABASE_URL: await newDatabaseUrl(),
    };
    await restart(settings);
    expect((await put('~', 'a.csv')).status).toBe(201);
    mounts.unmount(place);
    await restart(settings);
    await expectError(await put('~', 'a.csv'), { ...NOT_THERE, message: /is its disk mounted\?/ });
    expect(readdirSync(place)).toEqual([]);
    mounts.bind(disk, place);
    expect(await client.names('~')).toEqual(['a.csv']);
  });
});

describeWithMounts('a read-only file system', () => {
  it('on which the folder of a stage cannot be made is told at once, and there is no such stage', async () => {
    mkdirSync(join(folder, 'disk'));
    mounts.tmpfs(join(folder, 'disk'));
    mounts.remount(join(folder, 'disk'), 'ro');
    await expectError(await client.createStage({ name: 'ext', url: urlOf('disk', 'new') }), {
      status: 502,
      code: 3002,
      kind: 'StoreDeniedAccess',
      message: /^The directory '.*\/disk\/new' cannot be made: The file system is read-only\.$/,
    });
    expect((await client.send('/v1/stages/ext')).status).toBe(404);
    expect((await client.createStage({ name: 'ext', url: urlOf('disk') })).status).toBe(201);
    expect(await client.names('ext')).toEqual([]);
  });

  it('is told as such, where nothing has been uploaded yet too', async () => {
    mounts.tmpfs(folder);
    await restart({ INTERNAL_STORAGE_URL: urlOf('internal') });
    rmdirSync(join(folder, 'internal', TEMPORARY));
    mounts.remount(folder, 'ro');
    await restart({ INTERNAL_STORAGE_URL: urlOf('internal') });
    const told = {
      status: 502,
      code: 3002,
      kind: 'StoreDeniedAccess',
      message: /^Stage ~: The file system is read-only\.$/,
    };
    await expectError(await put('~', 'a.csv'), told);
    await expectError(await put('~', 'new/a.csv'), told);
    expect(await client.names('~')).toEqual([]);
  });
});

describe('what others have made in the folder of a stage', () => {
  /** Empty directories, and a file of the reserved name. */
  function plant(root: string): void {
    for (const path of ['a/b/c', 'd', 'e']) mkdirSync(join(root, path), { recursive: true });
    writeFileSync(join(root, 'e', TEMPORARY), '');
  }

  it.each([
    ['REST', () => client.send('/v1/stages/ext/files?prefix=', { method: 'DELETE' })],
    ['SQL', () => sql.run('REMOVE @ext')],
  ])('goes with everything else over %s, so that no name is blocked', async (_way, remove) => {
    await client.createStage({ name: 'ext', url: urlOf('ext') });
    await put('ext', 'f.csv');
    plant(join(folder, 'ext'));
    expect(await client.names('ext')).toEqual([`e/${TEMPORARY}`, 'f.csv']);
    await remove();
    expect(readdirSync(join(folder, 'ext'))).toEqual([TEMPORARY]);
    for (const name of ['a', 'd', 'e']) expect((await put('ext', name)).status).toBe(201);
  });

  it('goes as far as a prefix says, and is no file that is counted', async () => {
    await client.createStage({ name: 'ext', url: urlOf('ext') });
    plant(join(folder, 'ext'));
    const answer = await client.send('/v1/stages/ext/files?prefix=a/', { method: 'DELETE' });
    expect(await answer.json()).toMatchObject({ removed: 0 });
    expect(readdirSync(join(folder, 'ext')).sort()).toEqual([TEMPORARY, 'd', 'e']);
  });

  it('goes with an internal stage that is dropped', async () => {
    await client.createStage({ name: 'int' });
    await put('int', 'f.csv');
    const internal = join(testApp.dataDir, 'internal/stage/internal');
    plant(join(internal, 'int'));
    expect((await client.send('/v1/stages/int', { method: 'DELETE' })).ok).toBe(true);
    expect(existsSync(join(internal, 'int'))).toBe(false);
  });
});

describe('a directory that the server may not read', () => {
  beforeEach(async () => {
    await client.createStage({ name: 'ext', url: urlOf('ext') });
    for (const name of ['a.csv', 'b/1.csv', 'z.csv']) expect((await put('ext', name)).status).toBe(201);
    mkdirSync(join(folder, 'ext/lost+found'));
    chmodSync(join(folder, 'ext/lost+found'), 0);
    for (const path of ['', 'ext', 'ext/b', `ext/${TEMPORARY}`])
      chownSync(join(folder, path), ANOTHER_USER, ANOTHER_USER);
  });

  it('is named beside the files of a listing over REST', async () => {
    const page = await asAnotherUser(() => client.page('ext'));
    expect(page.files.map(({ name }) => name)).toEqual(['a.csv', 'b/1.csv', 'z.csv']);
    expect(page).toMatchObject({ next_cursor: null, unlisted: ['lost+found/'] });
    expect(await asAnotherUser(() => client.page('ext', '?prefix=b/'))).not.toHaveProperty('unlisted');
    const first = await asAnotherUser(() => client.page('ext', '?limit=2'));
    const second = await asAnotherUser(() =>
      client.page('ext', `?limit=2&cursor=${String(first.next_cursor)}`),
    );
    expect(second.files.map(({ name }) => name)).toEqual(['z.csv']);
    expect([first, second].flatMap((each) => (each as { unlisted?: string[] }).unlisted ?? [])).toContain(
      'lost+found/',
    );
  });

  it('is a folder among others, and is named when it is opened', async () => {
    const root = await asAnotherUser(() => client.page('ext', '?delimiter=/'));
    expect(root).toMatchObject({ prefixes: ['b/', 'lost+found/'], next_cursor: null });
    expect(root).not.toHaveProperty('unlisted');
    const opened = await asAnotherUser(() => client.page('ext', '?delimiter=/&prefix=lost%2Bfound/'));
    expect(opened).toEqual({ files: [], prefixes: [], next_cursor: null, unlisted: ['lost+found/'] });
  });

  it('is an error of a listing over SQL that names it, and of none that leaves it out', async () => {
    const all = await asAnotherUser(() => sql.answer('LIST @ext'));
    expect(all.error).toMatchObject({ code: 3002, message: /may not look into "lost\+found\/".*prefix/ });
    const some = await asAnotherUser(() => sql.run('LIST @ext/b/'));
    expect(some.data).toHaveLength(1);
  });

  it('is told to who removes everything, and what can be removed is gone', async () => {
    const answer = await asAnotherUser(() =>
      client.send('/v1/stages/ext/files?prefix=', { method: 'DELETE' }),
    );
    await expectError(answer, {
      status: 502,
      code: 4000,
      kind: 'RemovalIncomplete',
      message: /^3 files were removed\. .*may not look into "lost\+found\/"/,
    });
    expect(await filesBelow(join(folder, 'ext'))).toEqual([]);
  });
});
