import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { describeWithPostgres, newDatabaseUrl, newPostgresUrl, runOn } from '../../support/test-database.js';
import { command } from '../support/admin-command.js';
import { Client } from '../support/client.js';
import { removeFolder, startTestApp, temporaryFolder, type TestApp } from '../support/test-app.js';

const FILES = ['a.csv', "it's ü 数.csv", 'emoji \u{1F600}.csv'];
const EXTERNAL = {
  name: 'ext',
  url: 's3://bucket/p/',
  connection: { endpoint_url: 'http://127.0.0.1:1', aws_key_id: 'AKIDEXAMPLE', aws_secret_key: 'secret' },
};

let folder: string;
let running: TestApp[];

beforeEach(async () => {
  folder = await temporaryFolder();
  running = [];
});

afterEach(async () => {
  await stop();
  await removeFolder(folder);
});

const settingsOf = (databaseUrl: string): Readonly<Record<string, string>> => ({
  DATA_DIR: join(folder, 'data'),
  DATABASE_URL: databaseUrl,
});

async function start(databaseUrl: string): Promise<Client> {
  const app = await startTestApp(settingsOf(databaseUrl));
  running.push(app);
  return new Client(app);
}

async function stop(): Promise<void> {
  for (const app of running.splice(0)) await app.close();
}

const copy = (from: string, to: string): ReturnType<typeof command> =>
  command(settingsOf(from), 'copy-database', to);

const put = (client: Client, name: string): Promise<Response> =>
  client.send(`/v1/stages/s/files/${encodeURIComponent(name)}`, { method: 'PUT', body: `of ${name}` });

async function fill(client: Client): Promise<void> {
  expect((await client.createStage({ name: 's' })).status).toBe(201);
  expect((await client.createStage(EXTERNAL)).status).toBe(201);
  for (const name of FILES) expect((await put(client, name)).status).toBe(201);
}

/** The server knows of each file what only its database knows, and opens what is encrypted in it. */
async function expectWhole(client: Client): Promise<void> {
  const { files } = await client.page('s');
  const known = files.map(({ name, md5, creator }) => ({ name, md5, creator }));
  const expected = FILES.map((name) => ({
    name,
    md5: createHash('md5').update(`of ${name}`).digest('hex'),
    creator: "'root'@'%'",
  }));
  expect(known).toEqual(expected.sort((one, other) => (one.name < other.name ? -1 : 1)));
  expect(await (await client.send('/v1/stages/ext')).json()).toMatchObject({ url: 's3://bucket/p/' });
}

describeWithPostgres('copy-database', () => {
  it('copies into PostgreSQL, and a server on it lists the files with md5 and creator', async () => {
    const [from, to] = [await newDatabaseUrl(), await newPostgresUrl()];
    await fill(await start(from));
    await stop();
    const outcome = await copy(from, to);
    expect(outcome).toMatchObject({ code: 0, errors: '' });
    expect(outcome.output).toMatch(/^stored_files +#{30} {2}3 of 3/m);
    expect(outcome.output).toMatch(/^stored_files: 3 rows, the same on both sides \(sha256 [\da-f]{16}\)$/m);
    expect(outcome.output).toMatch(
      /\/sd_[\da-f]{16} holds a whole copy\. Start the servers with it as DATABASE_URL\.\n$/,
    );
    const client = await start(to);
    await expectWhole(client);
    expect((await put(client, 'later.csv')).status).toBe(201);
    await stop();
    // The original is as it was.
    const original = await start(from);
    expect((await original.page('s')).files.find(({ name }) => name === 'later.csv')).toMatchObject({
      md5: null,
    });
  });

  it('copies back into a file of SQLite', async () => {
    const [from, to] = [await newPostgresUrl(), `sqlite:${join(folder, 'copy.db')}`];
    await fill(await start(from));
    await stop();
    expect(await copy(from, to)).toMatchObject({ code: 0, errors: '' });
    await expectWhole(await start(to));
  });

  it('is refused while a server has either database, and nothing is copied', async () => {
    const [from, to] = [await newDatabaseUrl(), await newPostgresUrl()];
    await fill(await start(from));
    const ofSource = await copy(from, to);
    await stop();
    await start(to);
    const ofTarget = await copy(from, to);
    for (const outcome of [ofSource, ofTarget])
      expect(outcome).toEqual({
        code: 1,
        output: '',
        errors: expect.stringMatching(
          /^A server has the database .+ open\. Stop it, and copy again\.$/,
        ) as string,
      });
    expect(await runOn(to, 'SELECT name FROM stages')).toEqual([]);
  });

  it('that was interrupted keeps servers from its target, until the same command has ended', async () => {
    const [from, to] = [await newDatabaseUrl(), await newPostgresUrl()];
    await fill(await start(from));
    await stop();
    expect(await copy(from, to)).toMatchObject({ code: 0 });
    await runOn(
      to,
      "INSERT INTO database_state VALUES ('unfinished_copy', 'now')",
      "DELETE FROM stored_files WHERE object_key LIKE '%it%'", // the last one
    );
    await expect(start(to)).rejects.toThrow(
      /holds a part of a copy\. Run again what was interrupted: npm run admin/,
    );
    expect(await command(settingsOf(to), 'reindex', 's')).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/holds a part of a copy/) as string,
    });
    expect(await copy(from, to)).toMatchObject({ code: 0, errors: '' });
    await expectWhole(await start(to));
  });

  it('into a database that has other rows is refused, and they stay', async () => {
    const [from, to] = [await newDatabaseUrl(), await newPostgresUrl()];
    await fill(await start(from));
    await stop();
    const other = await start(to);
    expect((await other.createStage({ name: 'theirs' })).status).toBe(201);
    await stop();
    expect(await copy(from, to)).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/^The table .+ Copy into an empty database/) as string,
    });
    expect(await runOn(to, 'SELECT name FROM stages')).toEqual([{ name: 'theirs' }]);
    // What was refused has changed nothing: its servers start as before.
    expect((await (await start(to)).send('/v1/stages/theirs')).status).toBe(200);
  });

  it.each([
    ['postgres://ann:hush@127.0.0.1', 2, /names no database/],
    ['postgres://ann:hush@127.0.0.1:99999/stages', 2, /must be 'sqlite:'/],
    ['mysql://ann:hush@127.0.0.1/stages', 2, /must be 'sqlite:'/],
  ])('into %s is refused, and no password is told', async (to, code, errors) => {
    const from = await newDatabaseUrl();
    await start(from);
    await stop();
    const outcome = await copy(from, to);
    expect(outcome).toEqual({ code, output: '', errors: expect.stringMatching(errors) as string });
    expect(outcome.errors).not.toContain('hush');
  });

  it('into itself is refused', async () => {
    const from = await newDatabaseUrl();
    await start(from);
    await stop();
    expect(await copy(from, from)).toMatchObject({
      code: 1,
      errors: expect.stringMatching(
        / is the database that the settings name: give another target\.$/,
      ) as string,
    });
  });
});
