import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openSqlDatabase } from '../../../src/database/open-database.js';
import { sql } from '../../../src/database/sql.js';
import { describeWithPostgres, newPostgresUrl, runOn } from '../../support/test-database.js';
import { command } from '../support/admin-command.js';
import { Client } from '../support/client.js';
import { removeFolder, startTestApp, temporaryFolder, type TestApp } from '../support/test-app.js';

const FILES = ['a.csv', 'b ü.csv'];
const EXTERNAL = {
  name: 'ext',
  url: 's3://bucket/p/',
  connection: { endpoint_url: 'http://127.0.0.1:1', aws_key_id: 'AKIDEXAMPLE', aws_secret_key: 'secret' },
};

let folder: string;
let backup: string;
let running: TestApp[];
let origin: Readonly<Record<string, string>>;

beforeEach(async () => {
  folder = await temporaryFolder();
  backup = join(folder, 'backup');
  running = [];
  origin = settingsOf('data', await newPostgresUrl());
  const client = await start(origin);
  for (const stage of [{ name: 's' }, EXTERNAL]) expect((await client.createStage(stage)).status).toBe(201);
  for (const name of FILES) await put(client, name);
  // While the server runs.
  expect(await command(origin, 'backup', backup)).toMatchObject({ code: 0, errors: '' });
});

afterEach(async () => {
  await stop();
  await removeFolder(folder);
});

function settingsOf(name: string, databaseUrl: string): Readonly<Record<string, string>> {
  return { DATA_DIR: join(folder, name), DATABASE_URL: databaseUrl };
}

async function start(settings: Readonly<Record<string, string>>): Promise<Client> {
  const app = await startTestApp(settings);
  running.push(app);
  return new Client(app);
}

async function stop(): Promise<void> {
  for (const app of running.splice(0)) await app.close();
}

async function put(client: Client, name: string): Promise<void> {
  const path = `/v1/stages/s/files/${encodeURIComponent(name)}`;
  expect((await client.send(path, { method: 'PUT', body: `of ${name}` })).status).toBe(201);
}

/** The files of the backup, with what only its database knows, and nothing else. */
async function expectRestored(client: Client): Promise<void> {
  const { files } = await client.page('s');
  expect(files.map(({ name, md5, creator }) => ({ name, md5, creator }))).toEqual(
    FILES.map((name) => ({
      name,
      md5: createHash('md5').update(`of ${name}`).digest('hex'),
      creator: "'root'@'%'",
    })),
  );
  expect(await (await client.send('/v1/stages/ext')).json()).toMatchObject({ url: 's3://bucket/p/' });
}

describeWithPostgres('a backup of a server on PostgreSQL', () => {
  it('has its database as a file of SQLite, without the servers that ran', async () => {
    expect(readdirSync(backup).sort()).toEqual([
      'connection.key',
      'internal',
      'manifest.jsonl',
      'stagedoor.db',
    ]);
    const database = await openSqlDatabase({ kind: 'sqlite', path: join(backup, 'stagedoor.db') });
    try {
      const stages = sql<readonly [string]>('SELECT name FROM stages ORDER BY name');
      expect(await database.readRows(stages)).toEqual([['ext'], ['s']]);
      expect(await database.readRows(sql<readonly [string]>('SELECT id FROM processes'))).toEqual([]);
    } finally {
      await database.close();
    }
  });

  it('is restored into an empty database of PostgreSQL, and a server on it lists the files', async () => {
    const target = settingsOf('restored', await newPostgresUrl());
    expect(await command(target, 'restore', backup)).toMatchObject({
      code: 0,
      errors: '',
      output: expect.stringContaining('with 2 files; md5 and creator of 2 are known') as string,
    });
    await expectRestored(await start(target));
  });

  it('is restored into a file of SQLite', async () => {
    const target = settingsOf('restored', `sqlite:${join(folder, 'restored/stagedoor.db')}`);
    expect(await command(target, 'restore', backup)).toMatchObject({ code: 0, errors: '' });
    await expectRestored(await start(target));
  });

  it('is not restored over a server that runs, told or not', async () => {
    for (const args of [[], ['--overwrite']]) {
      expect(await command(origin, 'restore', backup, ...args)).toMatchObject({
        code: 1,
        errors: expect.stringMatching(/^A server has the database postgres:.+ open\./) as string,
      });
    }
  });

  it('is not restored over rows unless told to, and what was there is aside as a file of SQLite', async () => {
    await stop();
    const later = await start(origin);
    expect((await later.createStage({ name: 'later' })).status).toBe(201);
    await put(later, 'later.csv');
    await stop();
    expect(await command(origin, 'restore', backup)).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/ is there already\. .+ --overwrite/) as string,
    });
    // The rows are in the way even where the folder is empty.
    const elsewhere = { ...origin, DATA_DIR: join(folder, 'empty') };
    expect(await command(elsewhere, 'restore', backup)).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/^postgres:\/\/.+ is there already\./) as string,
    });
    expect(await runOn(origin['DATABASE_URL'] ?? '', 'SELECT name FROM stages ORDER BY name')).toEqual([
      { name: 'ext' },
      { name: 'later' },
      { name: 's' },
    ]);

    const outcome = await command(origin, 'restore', backup, '--overwrite');
    expect(outcome).toMatchObject({ code: 0, errors: '' });
    const [, aside = ''] = /^what was there is now (.+stagedoor\.db\.before-.+)$/m.exec(outcome.output) ?? [];
    expect(statSync(aside).mode & 0o777).toBe(0o600);
    const before = await openSqlDatabase({ kind: 'sqlite', path: aside });
    try {
      const files = sql<readonly [string]>(
        "SELECT object_key FROM stored_files WHERE object_key LIKE '%later%'",
      );
      expect(await before.readRows(files)).toHaveLength(1);
      const stages = sql<readonly [string]>('SELECT name FROM stages ORDER BY name');
      expect(await before.readRows(stages)).toEqual([['ext'], ['later'], ['s']]);
    } finally {
      await before.close();
    }
    const client = await start(origin);
    await expectRestored(client);
    expect((await client.send('/v1/stages/later')).status).toBe(404);
  });

  it('that is cut off while it replaces rows keeps every server away, until it has ended', async () => {
    await stop();
    const { DATABASE_URL: url = '' } = origin;
    await runOn(
      url,
      "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'cut off'; END $$",
      'CREATE TRIGGER cut BEFORE INSERT ON stored_files FOR EACH ROW EXECUTE FUNCTION cut()',
    );
    await expect(command(origin, 'restore', backup, '--overwrite')).rejects.toThrow('cut off');
    await runOn(url, 'DROP TRIGGER cut ON stored_files');
    await expect(start(origin)).rejects.toThrow(/^A restore into .+ has not ended\. Run it again/);
    // A server of another folder has the same database.
    await expect(start({ ...origin, DATA_DIR: join(folder, 'other') })).rejects.toThrow(/part of|not ended/);
    expect(await command(origin, 'restore', backup)).toMatchObject({ code: 0, errors: '' });
    await expectRestored(await start(origin));
  });

  it('was put aside by a restore, and serves as a database itself', async () => {
    await stop();
    const outcome = await command(origin, 'restore', backup, '--overwrite');
    const [, aside = ''] = /^what was there is now (.+stagedoor\.db\.before-.+)$/m.exec(outcome.output) ?? [];
    const client = await start({ ...origin, DATABASE_URL: `sqlite:${aside}` });
    expect((await client.send('/v1/stages/s')).status).toBe(200);
  });
});
