import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { adminCommand } from './support/admin-command.js';
import type { QueryAnswer } from './support/query-client.js';
import { removeFolder, startServer, temporaryFolder, type ServerProcess } from './support/server-process.js';
import { StageClient } from './support/stage-client.js';
import { SteadyLoad, type Ask } from './support/steady-load.js';
import { clientOf, describeWithMinio, makeBucket, type TestMinio } from './support/test-minio.js';

const [OLD, NEW] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
/** In the stage before the load begins: several pages of them. */
const FILES = 30;
const PAGE = 8;

interface Presigned {
  readonly url: string;
}

interface Page {
  readonly files: readonly { readonly name: string }[];
  readonly next_cursor: string | null;
}

const json = { 'content-type': 'application/json' };
const jsonOf = async <T>(answer: Response): Promise<T> => (await answer.json()) as T;

let folder: string;
let load: SteadyLoad;
const servers = new Map<string, ServerProcess>();

beforeEach(async () => {
  folder = await temporaryFolder();
  load = new SteadyLoad();
});

afterEach(async () => {
  await load.stop();
  for (const server of servers.values()) await server.stop();
  servers.clear();
  await removeFolder(folder);
});

const settingsWith = (keys: string): Readonly<Record<string, string>> => ({
  DATABASE_URL: `sqlite:${join(folder, 'shared.db')}`,
  INTERNAL_STORAGE_URL: `fs://${join(folder, 'internal')}/`,
  CONNECTION_KEY: keys,
});

async function start(name: string, keys: string): Promise<void> {
  const server = await startServer(join(folder, name), settingsWith(keys));
  servers.set(name, server);
  load.add(server.url);
}

/** Each server gets the keys, one after the other, while the other one serves. */
async function restartAll(keys: string): Promise<void> {
  for (const [name, server] of [...servers]) {
    await load.drain(server.url);
    expect(await server.stop()).toBe(0);
    await start(name, keys);
  }
}

async function externalStage({ endpoint, accessKeyId, secretAccessKey }: TestMinio): Promise<object> {
  const bucket = `rotation-${randomUUID()}`;
  const client = clientOf({ endpoint, accessKeyId, secretAccessKey });
  await makeBucket(client, bucket);
  client.destroy();
  return {
    url: `s3://${bucket}/`,
    connection: { endpoint_url: endpoint, access_key_id: accessKeyId, secret_access_key: secretAccessKey },
  };
}

function put(ask: Ask, path: string, body: string): Promise<Response> {
  return ask(({ stages }) => stages.send(`/v1/stages/ext/files/${path}`, { method: 'PUT', body }));
}

async function presign(ask: Ask, method: string, path: string): Promise<string> {
  const body = JSON.stringify({ method, path });
  const answer = await ask(({ stages }) =>
    stages.send('/v1/stages/ext/presign', { method: 'POST', headers: json, body }),
  );
  return new URL((await jsonOf<Presigned>(answer)).url).pathname;
}

function startQuery(ask: Ask, sql: string, id = randomUUID().replaceAll('-', '')): Promise<QueryAnswer> {
  const body = { sql, pagination: { max_rows_per_page: PAGE } };
  return ask(({ query }) => query.post('/v1/query', body, { 'x-databend-query-id': id })).then(
    jsonOf<QueryAnswer>,
  );
}

async function login(ask: Ask): Promise<string> {
  const answer = await ask(({ query }) => query.post('/v1/session/login', {}));
  return (await jsonOf<{ tokens: { session_token: string } }>(answer)).tokens.session_token;
}

const equal = (found: unknown, wanted: unknown): void => {
  if (found !== wanted) throw new Error(`${String(found)} instead of ${String(wanted)}`);
};

/** What clients do all the time, each in a worker of its own. */
function beginWork(stage: object): void {
  load.work('uploads and downloads', async (ask, round) => {
    await put(ask, `up-${String(round)}.txt`, `content ${String(round)}`);
    const path = `/v1/stages/ext/files/up-${String(round)}.txt`;
    equal(await (await ask(({ stages }) => stages.send(path))).text(), `content ${String(round)}`);
  });
  load.work('forms', async (ask, round) => {
    const form = new FormData();
    form.set('upload', new Blob([String(round)]), 'form.txt');
    const headers = { 'x-databend-stage-name': 'ext' };
    await ask(({ stages }) => stages.send('/v1/upload_to_stage', { method: 'PUT', headers, body: form }));
  });
  load.work('presigned URLs', async (ask, round) => {
    const [upload, download] = [await presign(ask, 'PUT', 'p.txt'), await presign(ask, 'GET', 'p.txt')];
    await ask(({ url }) => fetch(`${url}${upload}`, { method: 'PUT', body: String(round) }));
    equal(await (await ask(({ url }) => fetch(`${url}${download}`))).text(), String(round));
  });
  load.work('listings', async (ask) => {
    const names: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query = `?prefix=first-&limit=${String(PAGE)}${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const page: Page = await jsonOf(await ask(({ stages }) => stages.send(`/v1/stages/ext/files${query}`)));
      names.push(...page.files.map(({ name }) => name));
      cursor = page.next_cursor;
    }
    equal(names.length, FILES);
  });
  load.work('SQL', async (ask) => {
    let answer = await startQuery(ask, "LIST @ext PATTERN = 'first-.*'");
    let rows = answer.data.length;
    while (answer.next_uri !== null) {
      const uri: string = answer.next_uri;
      answer = await jsonOf<QueryAnswer>(await ask(({ query }) => query.send(uri)));
      rows += answer.data.length;
    }
    equal(rows, FILES);
  });
  load.work('stages and sessions', async (ask, round) => {
    const token = await login(ask);
    const body = JSON.stringify({ name: `s${String(round)}`, ...stage });
    await ask(({ stages }) => stages.send('/v1/stages', { method: 'POST', headers: json, body }));
    const id = randomUUID().replaceAll('-', '');
    for (let i = 0; i < 2; i++) equal((await startQuery(ask, 'CREATE STAGE ext', id)).error?.code, 2502);
    const sql = `DROP STAGE s${String(round)}`;
    const answer = await ask(({ query }) => query.withToken(token).post('/v1/query', { sql }));
    equal((await jsonOf<QueryAnswer>(answer)).error, null);
  });
}

/** Given out now: each must be good on both servers until the next step is done. */
async function giveOut(): Promise<() => Promise<void>> {
  const ask: Ask = (send) => load.ask('what was given out before a step', send);
  const download = await presign(ask, 'GET', 'first-0.txt');
  const upload = await presign(ask, 'PUT', 'given.txt');
  const { next_uri: cursor } = await startQuery(ask, "LIST @ext PATTERN = 'first-.*'");
  const token = await login(ask);
  return async () => {
    for (let server = 0; server < 2; server++) {
      equal(await (await ask(({ url }) => fetch(`${url}${download}`))).text(), 'first 0');
      await ask(({ url }) => fetch(`${url}${upload}`, { method: 'PUT', body: 'x' }));
      const page = await jsonOf<QueryAnswer>(await ask(({ query }) => query.send(cursor ?? '')));
      equal(page.data.length, PAGE);
      await ask(({ query }) => query.withToken(token).post('/v1/query', { sql: 'SELECT 1' }));
    }
  };
}

describeWithMinio('the key is changed on two servers that clients use', (minio) => {
  it('step by step, and no request fails', async () => {
    await Promise.all([start('a', OLD), start('b', OLD)]);
    const stage = await externalStage(minio);
    const [{ url }] = [...servers.values()] as [ServerProcess];
    const client = new StageClient(url);
    expect((await client.createStage({ name: 'ext', ...stage })).status).toBe(201);
    for (let i = 0; i < FILES; i++) {
      const path = `/v1/stages/ext/files/first-${String(i)}.txt`;
      expect((await client.send(path, { method: 'PUT', body: `first ${String(i)}` })).status).toBe(201);
    }
    beginWork(stage);

    const early = await giveOut();
    await restartAll(`${OLD},${NEW}`);
    await early();
    await restartAll(`${NEW},${OLD}`);
    await early();
    const late = await giveOut();
    const outcome = await adminCommand(
      { ...settingsWith(`${NEW},${OLD}`), DATA_DIR: join(folder, 'a') },
      'rotate-key',
    );
    expect(outcome).toMatchObject({ code: 0, errors: '' });
    expect(outcome.output).toMatch(/^encrypted with key [\da-f]{8} now: .*\d+ stages/);
    await early();
    await restartAll(NEW);
    await late();
    await load.stop();

    expect(load.failures).toEqual([]);
    const figures = [...load.answered].map(([name, requests]) => `${name} ${String(requests)}`);
    process.stdout.write(`Requests while the key was changed, none failed: ${figures.join(', ')}\n`);
    for (const [name, requests] of load.answered) expect([name, requests > 0]).toEqual([name, true]);
    expect(load.answered.size).toBe(7);
  }, 180_000);
});
