import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OPERATOR } from '../../../src/access/principal.js';
import { SqlDatabase } from '../../../src/database/sql-database.js';
import { sql } from '../../../src/database/sql.js';
import { OrphanRepository } from '../../../src/journal/cleanup/orphan.repository.js';
import { StageService } from '../../../src/stages/files/stage.service.js';
import { encryptedByV1 } from '../../support/encrypted-by-v1.js';
import { DATABASE_KIND, newDatabaseUrl } from '../../support/test-database.js';
import { command } from '../support/admin-command.js';
import { Client } from '../support/client.js';
import { SqlClient } from '../support/sql-client.js';
import { removeFolder, startTestApp, temporaryFolder, type TestApp } from '../support/test-app.js';

const [OLD, NEW, LOST] = [randomBytes(32), randomBytes(32), randomBytes(32)];
const setting = (...keys: Buffer[]): string => keys.map((key) => key.toString('base64')).join(',');
const idOf = (key: Buffer): string =>
  createHash('sha256').update('stagedoor connection key id').update(key).digest('hex').slice(0, 8);
const FAILED = 'a'.repeat(32);
const TABLES = sql<readonly [name: string]>(
  DATABASE_KIND === 'sqlite'
    ? "SELECT name FROM sqlite_master WHERE type = 'table'"
    : "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'",
);
const ID_OF_ONE = sql<readonly [id: string]>("SELECT id FROM stages WHERE name = 'one'");
const CHANGE = sql('UPDATE stages SET sealed_connection = ? WHERE id = ?');
const LOSE = sql("UPDATE stages SET sealed_connection = ? WHERE name = 'two'");
const EXTERNAL = {
  url: 's3://bucket/p/',
  connection: { endpoint_url: 'http://127.0.0.1:1', aws_key_id: 'AKIDEXAMPLE', aws_secret_key: 'secret' },
};

let folder: string;
let databaseUrl: string;
let running: TestApp | undefined;

beforeEach(async () => {
  folder = await temporaryFolder();
  databaseUrl = await newDatabaseUrl();
});

afterEach(async () => {
  await running?.close();
  running = undefined;
  await removeFolder(folder);
});

const settingsWith = (...keys: Buffer[]): Readonly<Record<string, string>> => ({
  CONNECTION_KEY: setting(...keys),
  DATABASE_URL: databaseUrl,
  INTERNAL_STORAGE_URL: `fs://${folder}/internal/`,
});

async function restart(...keys: Buffer[]): Promise<{ readonly app: TestApp; readonly client: Client }> {
  await running?.close();
  running = await startTestApp(settingsWith(...keys));
  return { app: running, client: new Client(running) };
}

const rotate = (...keys: Buffer[]): ReturnType<typeof command> =>
  command({ ...settingsWith(...keys), DATA_DIR: folder }, 'rotate-key');

/** One of each kind that is encrypted. */
async function fill({ app, client }: { readonly app: TestApp; readonly client: Client }): Promise<void> {
  for (const name of ['one', 'two']) {
    expect((await client.createStage({ name, ...EXTERNAL })).status).toBe(201);
  }
  const queries = new SqlClient(client);
  await queries.run("CREATE CONNECTION c STORAGE_TYPE = 's3' access_key_id = 'a' secret_access_key = 'hush'");
  expect((await queries.answer('CREATE STAGE one', { id: FAILED })).error?.code).toBe(2502);
  const { location } = await app.app.get(StageService).resolve('one', OPERATOR, 'Write');
  const orphans = app.app.get(OrphanRepository);
  const note = orphans.recordStatement('an orphan', location, {
    kind: 'upload',
    key: 'k',
    uploadId: 'u',
  });
  await app.app.get(SqlDatabase).write([note]);
}

/** Everything is used once: what cannot be decrypted would fail. */
async function expectReadable({
  app,
  client,
}: {
  readonly app: TestApp;
  readonly client: Client;
}): Promise<void> {
  for (const name of ['one', 'two']) {
    const stage = (await (await client.send(`/v1/stages/${name}`)).json()) as object;
    expect(stage).toMatchObject({ url: 's3://bucket/p/', has_credentials: true });
  }
  const queries = new SqlClient(client);
  const { data } = await queries.run('SHOW CONNECTIONS');
  expect(data[0]?.join()).toContain('access_key_id=');
  expect((await queries.answer('CREATE STAGE one', { id: FAILED })).error?.code).toBe(2502);
  const noted: string[] = [];
  for await (const note of app.app.get(OrphanRepository).all()) noted.push(note.decryptConnection().url);
  expect(noted).toEqual(['s3://bucket/p/']);
}

/** Every text of every table. */
async function textsIn({ app }: { readonly app: TestApp }): Promise<string> {
  const database = app.app.get(SqlDatabase);
  const tables = await database.readRows(TABLES);
  const rows = tables.map(([name]) => database.readRows(sql<readonly unknown[]>(`SELECT * FROM ${name}`)));
  return JSON.stringify(await Promise.all(rows));
}

describe('rotate-key', () => {
  it('encrypts everything anew with the first key, while a server runs, and says so', async () => {
    await fill(await restart(OLD));
    const server = await restart(NEW, OLD);
    await expectReadable(server);
    expect(await rotate(NEW, OLD)).toEqual({
      code: 0,
      errors: '',
      output: [
        `encrypted with key ${idOf(NEW)} now: 2 stages, 1 connections, 1 cleanup records, 1 failures of statements`,
        `Key ${idOf(OLD)} can be taken out of CONNECTION_KEY. Presigned URLs, session tokens and pages of results that were signed with it end then: presigned URLs live seven days at most.`,
        '',
      ].join('\n'),
    });
    await expectReadable(server);
    expect(await textsIn(server)).not.toContain(`.${idOf(OLD)}.`);
    await expectReadable(await restart(NEW));
  });

  it('changes nothing the second time', async () => {
    await fill(await restart(OLD));
    const server = await restart(NEW, OLD);
    await rotate(NEW, OLD);
    const before = (await textsIn(server)).replaceAll(/"seen_at":"[^"]*"/g, '');
    const again = await rotate(NEW, OLD);
    expect(again.output).toContain(`Everything is encrypted with key ${idOf(NEW)} already: nothing to do.\n`);
    expect((await textsIn(server)).replaceAll(/"seen_at":"[^"]*"/g, '')).toBe(before);
  });

  it('brings what older versions encrypted with the key itself into today’s form', async () => {
    const server = await restart(OLD);
    await fill(server);
    const database = server.app.app.get(SqlDatabase);
    const [row] = await database.readRows(ID_OF_ONE);
    const connection = (await server.app.app.get(StageService).resolve('one', OPERATOR, 'Write')).stage;
    if (row === undefined || connection.kind !== 'external') throw new TypeError('no stage');
    const encrypted = encryptedByV1(OLD, row[0], connection.decryptConnection());
    await database.write([CHANGE.with(encrypted, row[0])]);
    await expectReadable(server);
    const outcome = await rotate(OLD);
    expect(outcome).toEqual({
      code: 0,
      errors: '',
      output: `encrypted with key ${idOf(OLD)} now: 1 stages\n`,
    });
    expect(await textsIn(server)).not.toContain('"v1.');
    await expectReadable(server);
  });

  it('does nothing while a server encrypts with another key, and names it', async () => {
    const server = await restart(OLD, NEW);
    await fill(server);
    const before = await textsIn(server);
    const outcome = await rotate(NEW, OLD);
    expect(outcome).toMatchObject({ code: 1, output: '' });
    expect(outcome.errors).toMatch(
      new RegExp(
        `another key than ${idOf(NEW)}: process \\d+ with key ${idOf(OLD)}\\. .* Nothing was changed\\.$`,
      ),
    );
    expect(await textsIn(server)).toBe(before);
  });

  it('does what it can where a record is under a key that is not listed, and says what to do', async () => {
    const server = await restart(OLD);
    await fill(server);
    const database = server.app.app.get(SqlDatabase);
    const lost = encryptedByV1(LOST, 'any', {});
    await database.write([LOSE.with(lost)]);
    await server.app.close();
    running = undefined;
    const outcome = await rotate(NEW, OLD);
    expect(outcome).toMatchObject({
      code: 1,
      output: expect.stringContaining('now: 1 stages, 1 connections, 1 cleanup records') as string,
      errors: expect.stringMatching(/^No key opens 1 stages: add the key .+ forget-connections\./) as string,
    });
    expect(await textsIn(await restart(NEW))).toContain(lost);
  });
});

it('a start names a key file that everybody may read, by its path and without the key', async () => {
  const path = join(folder, 'key');
  writeFileSync(path, setting(OLD));
  chmodSync(path, 0o644);
  running = await startTestApp({ CONNECTION_KEY_FILE: path });
  expect(running.logs()).toContain(`The mode of ${path} lets every user of this machine read the key`);
  expect(running.logs()).not.toContain(setting(OLD));
});

describe('a backup', () => {
  it('from before a change of the key is restored under both keys', async () => {
    await fill(await restart(OLD));
    const backup = join(folder, 'backup');
    expect(await command({ ...settingsWith(OLD), DATA_DIR: folder }, 'backup', backup)).toMatchObject({
      code: 0,
    });
    const restored = { ...settingsWith(NEW, OLD), DATA_DIR: join(folder, 'restored') };
    const target = {
      ...restored,
      DATABASE_URL: await newDatabaseUrl(),
      INTERNAL_STORAGE_URL: `fs://${folder}/restored/internal/`,
    };
    const outcome = await command(target, 'restore', backup);
    expect(outcome).toMatchObject({ code: 0, errors: '' });
    expect(outcome.output).not.toContain('does not open');
    expect(await command(target, 'rotate-key')).toMatchObject({
      code: 0,
      output: expect.stringContaining('2 stages') as string,
    });
  });

  it('has all keys of the key file', async () => {
    const data = join(folder, 'data');
    mkdirSync(data);
    writeFileSync(join(data, 'connection.key'), `${setting(OLD)}\n${setting(NEW)}\n`, { mode: 0o600 });
    running = await startTestApp({ DATA_DIR: data });
    const client = new Client(running);
    await client.createStage({ name: 'one', ...EXTERNAL });
    const backup = join(folder, 'backup');
    expect(await command({ DATA_DIR: data }, 'backup', backup)).toMatchObject({ code: 0 });
    const key = readFileSync(join(backup, 'connection.key'), 'utf8');
    expect(key).toBe(`${setting(OLD)}\n${setting(NEW)}\n`);
  });
});
