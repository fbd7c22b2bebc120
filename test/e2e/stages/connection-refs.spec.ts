import { setTimeout as delay } from 'node:timers/promises';
import { SqlDatabase } from '../../../src/database/sql-database.js';
import { sql as statement } from '../../../src/database/sql.js';
import { UserService } from '../../../src/users/accounts/user.service.js';
import { startPermissiveS3, type PermissiveS3 } from '../../support/permissive-s3/permissive-s3.mjs';
import { basic, Client } from '../support/client.js';
import { expectError } from '../support/expectations.js';
import { connectionTo } from '../support/odd-store.js';
import { SqlClient } from '../support/sql-client.js';
import { databaseSettings, startTestApp, type TestApp } from '../support/test-app.js';

const OLD = { access_key_id: 'old-key', secret_access_key: 'old-secret' };
const NEW = { access_key_id: 'new-key', secret_access_key: 'new-secret' };
const PASSWORD = 'password of ann';
const DROP_ROW = statement('DELETE FROM connections WHERE name = ?');

let s3: PermissiveS3;
let servers: readonly [TestApp, TestApp];
let client: Client;
let elsewhere: Client;
let sql: SqlClient;

/** Two servers share the database, so that what one changes the other sees. */
beforeAll(async () => {
  s3 = await startPermissiveS3();
  const first = await startTestApp();
  const shared = await databaseSettings(first.dataDir);
  servers = [first, await startTestApp({ DATA_DIR: first.dataDir, ...shared })];
  [client, elsewhere] = [new Client(servers[0]), new Client(servers[1])];
  sql = new SqlClient(client);
  await first.app.get(UserService).save('ann', PASSWORD, { isAdmin: false });
});

afterAll(async () => {
  await servers[1].close();
  await servers[0].close();
  await s3.stop();
});

beforeEach(async () => {
  s3.moreKeys.clear();
  s3.moreKeys.set(OLD.access_key_id, OLD.secret_access_key);
  s3.store.clear();
  const options = { ...connectionTo(s3), ...OLD };
  const created = await client.postJson('/v1/connections', { name: 'c', storage_type: 's3', options });
  expect(created.status).toBe(201);
});

afterEach(async () => {
  for (const { name } of await stages()) await client.send(`/v1/stages/${name}`, { method: 'DELETE' });
  for (const name of ['c', 'd']) await client.send(`/v1/connections/${name}`, { method: 'DELETE' });
});

async function stages(): Promise<readonly { readonly name: string }[]> {
  const answer = await client.send('/v1/stages');
  return ((await answer.json()) as { stages: { name: string }[] }).stages;
}

async function referTo(connection: string, name = 'lake', more: object = {}): Promise<Response> {
  const url = `s3://${s3.bucket}/${name}/`;
  return client.createStage({ name, url, connection: { connection_ref: connection }, ...more });
}

async function send(method: string, path: string, body?: object): Promise<Response> {
  if (body === undefined) return client.send(path, { method });
  const headers = { 'content-type': 'application/json' };
  return client.send(path, { method, headers, body: JSON.stringify(body) });
}

async function upload(by: Client, name: string, stage = 'lake'): Promise<number> {
  return (await by.send(`/v1/stages/${stage}/files/${name}`, { method: 'PUT', body: 'content' })).status;
}

const rotate = (options: object = NEW): Promise<Response> => send('PATCH', '/v1/connections/c', { options });

function keysUsed(): (string | undefined)[] {
  const requests = s3.journal.of('PutObject');
  return requests.map(({ headers }) => /Credential=([^/]+)/.exec(String(headers['authorization']))?.[1]);
}

async function use(by = client): Promise<unknown> {
  return (await by.send('/v1/connections/c/stages')).json();
}

describe('a stage that refers to a connection', () => {
  it('is reached by its options, shows its name, and keeps none of them', async () => {
    const answer = await referTo('c');
    expect(await answer.json()).toMatchObject({
      name: 'lake',
      endpoint: s3.endpoint,
      has_credentials: true,
      connection_ref: 'c',
      storage_params: { access_key_id: 'ol***ey' },
    });
    expect(await upload(client, 'f')).toBe(201);
    expect(await client.names('lake')).toEqual(['f']);
    const { data } = await sql.run('DESC STAGE lake');
    expect(JSON.parse(data[0]?.[7] ?? '')).toMatchObject({ connection_ref: 'c', endpoint_url: s3.endpoint });
  });

  it('is made and moved by SQL', async () => {
    await sql.run(`CREATE STAGE lake URL = 's3://${s3.bucket}/lake/' CONNECTION = (CONNECTION_REF = 'c')`);
    expect(await use()).toEqual({ stages: ['lake'], has_others: false });
    await sql.run("ALTER STAGE lake SET CONNECTION = (CONNECTION_NAME = 'c')");
    expect(await use()).toEqual({ stages: [], has_others: false });
    await sql.run("ALTER STAGE lake SET CONNECTION = (CONNECTION_REF = 'c')");
    expect(await use()).toEqual({ stages: ['lake'], has_others: false });
    await sql.run(`ALTER STAGE lake SET URL = 's3://${s3.bucket}/other/'`);
    expect(await use()).toEqual({ stages: [], has_others: false });
  });

  it('follows a change of its key on every server with the next request', async () => {
    await referTo('c');
    expect([await upload(client, 'a'), await upload(elsewhere, 'b')]).toEqual([201, 201]);
    s3.moreKeys.set(NEW.access_key_id, NEW.secret_access_key);
    expect((await rotate()).status).toBe(200);
    s3.moreKeys.delete(OLD.access_key_id);
    s3.journal.clear();
    expect([await upload(elsewhere, 'c'), await upload(client, 'd')]).toEqual([201, 201]);
    expect(keysUsed()).toEqual(['new-key', 'new-key']);
    expect(await elsewhere.names('lake')).toEqual(['a', 'b', 'c', 'd']);
  });

  it('follows one by ALTER CONNECTION, where a copy of the options stays as it was', async () => {
    await referTo('c');
    await client.createStage({
      name: 'copy',
      url: `s3://${s3.bucket}/copy/`,
      connection: { connection_name: 'c' },
    });
    s3.moreKeys.set(NEW.access_key_id, NEW.secret_access_key);
    await sql.run("ALTER CONNECTION c SET access_key_id = 'new-key' secret_access_key = 'new-secret'");
    s3.moreKeys.delete(OLD.access_key_id);
    expect([await upload(client, 'f'), await upload(client, 'f', 'copy')]).toEqual([201, 502]);
  });

  it('has no options of its own to change', async () => {
    await referTo('c');
    const refused = { status: 400, code: 4000, message: /the stage refers to the connection c/ };
    await expectError(await send('PATCH', '/v1/stages/lake', { connection: NEW }), refused);
    expect((await send('PATCH', '/v1/stages/lake', { comment: 'x' })).status).toBe(200);
    expect(await use()).toEqual({ stages: ['lake'], has_others: false });
  });

  it('needs a connection of its kind, alone, that its creator may use', async () => {
    const wrong = (options: object): Promise<Response> =>
      client.createStage({ name: 'lake', url: `s3://${s3.bucket}/`, connection: options });
    const refused = { status: 400, code: 4000 };
    const none = /fail to get connection_ref none: Connection 'none' does not exist/;
    await expectError(await wrong({ connection_ref: 'none' }), { ...refused, message: none });
    const alone = /connection_ref can not be used with other connection options/;
    await expectError(await wrong({ connection_ref: 'c', region: 'x' }), { ...refused, message: alone });
    await sql.run("CREATE CONNECTION d STORAGE_TYPE = 'fs'");
    const other = /protocol from connection_ref=d \(fs\) not match with uri protocol \(s3\)/;
    await expectError(await wrong({ connection_ref: 'd' }), { ...refused, message: other });
  });

  it('is told so where its connection is gone in spite of all, and is shown, altered and dropped', async () => {
    await referTo('c');
    await servers[0].app.get(SqlDatabase).write([DROP_ROW.with('c')]);
    const gone = { status: 502, code: 2510, kind: 'MissingConnection', message: /does not exist any more/ };
    await expectError(await client.send('/v1/stages/lake/files'), gone);
    const shown = await client.send('/v1/stages/lake');
    expect(await shown.json()).toMatchObject({ name: 'lake', connection_ref: null, url: null });
    expect((await client.send('/v1/stages')).status).toBe(200);
    const options = { ...connectionTo(s3), ...OLD };
    const url = `s3://${s3.bucket}/lake/`;
    expect((await send('PATCH', '/v1/stages/lake', { url, connection: options })).status).toBe(200);
    expect(await upload(client, 'f')).toBe(201);
  });

  it('is there after the next start', async () => {
    await referTo('c');
    const again = await startTestApp({
      DATA_DIR: servers[0].dataDir,
      ...(await databaseSettings(servers[0].dataDir)),
    });
    expect(await upload(new Client(again), 'f')).toBe(201);
    await again.close();
  });
});

describe('a connection that stages refer to', () => {
  it('is not dropped nor replaced: the stages are named', async () => {
    await referTo('c', 'a_stage');
    await referTo('c', 'b_stage');
    const inUse = {
      status: 409,
      kind: 'ConnectionInUse',
      message: /because stages refer to it: a_stage, b_stage\. ALTER/,
    };
    await expectError(await send('DELETE', '/v1/connections/c'), inUse);
    expect((await sql.failure('DROP CONNECTION c')).code).toBe(409);
    const again = { name: 'c', storage_type: 's3', options: NEW, or_replace: true };
    await expectError(await client.postJson('/v1/connections', again), inUse);
    expect(await upload(client, 'f', 'a_stage')).toBe(201);
    for (const name of ['a_stage', 'b_stage']) await send('DELETE', `/v1/stages/${name}`);
    expect((await client.postJson('/v1/connections', again)).status).toBe(201);
    expect((await send('DELETE', '/v1/connections/c')).status).toBe(204);
  });

  it('tells of stages only to who may see them', async () => {
    await referTo('c', 'seen');
    await referTo('c', 'hidden');
    await sql.run('CREATE ROLE IF NOT EXISTS connectors');
    await sql.run('GRANT ACCESS CONNECTION ON CONNECTION c TO ROLE connectors');
    await sql.run('GRANT ROLE connectors TO ann');
    await sql.run('GRANT READ ON STAGE seen TO ann');
    const ann = new Client(servers[0], basic('ann', PASSWORD));
    expect(await use(ann)).toEqual({ stages: ['seen'], has_others: true });
    expect(await use()).toEqual({ stages: ['hidden', 'seen'], has_others: false });
    const { error } = await expectError(await ann.send('/v1/connections/c', { method: 'DELETE' }), {
      status: 409,
      message: /refer to it: seen, stages that you may not see\./,
    });
    expect(error.message).not.toContain('hidden');
    const mine = { status: 403, code: 1063, message: /OWNERSHIP.* on CONNECTION c/ };
    const headers = { 'content-type': 'application/json' };
    const change = { method: 'PATCH', headers, body: JSON.stringify({ options: NEW }) };
    await expectError(await ann.send('/v1/connections/c', change), mine);
  });

  it('is either dropped or referred to, of both at once on two servers', async () => {
    for (let round = 0; round < 10; round++) {
      const options = { ...connectionTo(s3), ...OLD };
      await client.postJson('/v1/connections', { name: 'd', storage_type: 's3', options });
      const [made, dropped] = await Promise.all([
        referTo('d'),
        elsewhere.send('/v1/connections/d', { method: 'DELETE' }),
      ]);
      const isThere = (await client.send('/v1/connections/d')).status === 200;
      expect([made.status === 201, dropped.status === 204]).toEqual([isThere, !isThere]);
      expect((await client.send('/v1/stages/lake')).status).toBe(isThere ? 200 : 404);
      await send('DELETE', '/v1/stages/lake');
      await send('DELETE', '/v1/connections/d');
    }
  });

  it('of many changes at once loses none', async () => {
    const changes = [{ region: 'eu-west-9' }, NEW, { enable_virtual_host_style: 'true' }];
    const answers = await Promise.all(changes.map((options) => rotate(options)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(await (await client.send('/v1/connections/c')).json()).toMatchObject({
      options: {
        region: 'eu***-9',
        access_key_id: 'ne***ey',
        enable_virtual_host_style: expect.any(String) as string,
      },
    });
  });
});

describe('the key of 50 stages that refer to one connection', () => {
  const STAGES = Array.from({ length: 50 }, (_, at) => `lake_${String(at)}`);

  it('is changed under load, on two servers, and no request fails', async () => {
    for (const name of STAGES) expect((await referTo('c', name)).status).toBe(201);
    let isOver = false;
    const rounds = Array.from({ length: 8 }, () => 0);
    const failures: object[] = [];
    const work = async (at: number): Promise<void> => {
      for (let round = 0; !isOver; round++) {
        const stage = STAGES[(at * 7 + round) % STAGES.length] ?? '';
        const by = round % 2 === 0 ? client : elsewhere;
        const seen = [
          await upload(by, `f${String(at)}`, stage),
          (await by.send(`/v1/stages/${stage}/files/f${String(at)}`)).status,
          (await by.send(`/v1/stages/${stage}/files`)).status,
        ];
        rounds[at] = round + 1;
        if (seen.some((status) => status >= 300)) failures.push({ stage, seen });
      }
    };
    const workers = Promise.all(rounds.map((_, at) => work(at)));
    /** Until each worker has begun and ended a round from now on. */
    const nextRounds = async (): Promise<void> => {
      const before = [...rounds];
      while (rounds.some((count, at) => count < (before[at] ?? 0) + 2)) await delay(20);
    };
    await nextRounds();
    s3.moreKeys.set(NEW.access_key_id, NEW.secret_access_key);
    expect((await rotate()).status).toBe(200);
    await nextRounds(); // what began before has ended
    s3.moreKeys.delete(OLD.access_key_id);
    await nextRounds();
    isOver = true;
    await workers;
    expect(failures).toEqual([]);
    s3.journal.clear();
    for (const stage of STAGES) expect(await upload(elsewhere, 'last', stage)).toBe(201);
    expect(new Set(keysUsed())).toEqual(new Set(['new-key']));
  });
});

describe('connections over REST', () => {
  it('are made, listed, shown and dropped, with every value masked', async () => {
    const shown = {
      name: 'c',
      storage_type: 's3',
      options: expect.objectContaining({ access_key_id: 'ol***ey', secret_access_key: 'ol***et' }) as object,
      creator: "'root'@'%'",
      created_on: expect.stringMatching(/Z$/) as string,
    };
    expect(await (await client.send('/v1/connections/c')).json()).toEqual(shown);
    expect(await (await client.send('/v1/connections')).json()).toEqual({ connections: [shown] });
    const again = { name: 'c', storage_type: 's3' };
    const taken = { status: 409, code: 2512, message: /already exists/ };
    await expectError(await client.postJson('/v1/connections', again), taken);
    expect((await client.postJson('/v1/connections', { ...again, if_not_exists: true })).status).toBe(200);
    expect((await client.postJson('/v1/connections', { ...again, or_replace: true })).status).toBe(201);
    expect((await send('DELETE', '/v1/connections/c')).status).toBe(204);
    const unknown = { status: 404, code: 2510, message: /Connection 'c' does not exist/ };
    for (const path of ['', '/stages'])
      await expectError(await client.send(`/v1/connections/c${path}`), unknown);
  });
});
