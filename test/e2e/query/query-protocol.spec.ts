import { UserService } from '../../../src/users/accounts/user.service.js';
import { basic, Client } from '../support/client.js';
import { expectError } from '../support/expectations.js';
import { filePart, form } from '../support/form.js';
import { SqlClient, type QueryAnswer } from '../support/sql-client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const FILES = ['a.csv', 'b.csv', 'c/d.csv', 'c/e.csv', 'f.csv'];

let testApp: TestApp;
let client: Client;
let sql: SqlClient;
let annClient: Client;
let ann: SqlClient;

beforeAll(async () => {
  testApp = await startTestApp();
  client = new Client(testApp);
  sql = new SqlClient(client);
  await testApp.app.get(UserService).save('ann', 'secret', { isAdmin: false });
  annClient = new Client(testApp, basic('ann', 'secret'));
  ann = new SqlClient(annClient);
  await client.upload(form(...FILES.map((name) => filePart(name))));
});

afterAll(() => testApp.close());

const SMALL_PAGES = { pagination: { max_rows_per_page: 2 } };

describe('the answer to a query', () => {
  it('has every field of Databend’s, and headers that repeat the main ones', async () => {
    const response = await sql.post('SELECT 1', { id: 'q.1-x', session: { database: 'd1', any: [1] } });
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'x-databend-query-id': 'q.1-x',
      'x-databend-query-state': 'Succeeded',
      'x-databend-query-page-rows': '1',
      'x-databend-version': '1.2.900',
    });
    const nothing = { rows: 0, bytes: 0 };
    expect(await response.json()).toEqual({
      id: 'q.1-x',
      session_id: '',
      node_id: 'stagedoor',
      state: 'Succeeded',
      session: { database: 'd1', any: [1] },
      error: null,
      warnings: [],
      has_result_set: true,
      schema: [{ name: '1', type: 'UInt8' }],
      data: [['1']],
      affect: null,
      result_timeout_secs: 120,
      settings: {
        timezone: 'UTC',
        geometry_output_format: 'EWKB',
        binary_output_format: 'HEX',
        http_json_result_mode: 'display',
      },
      stats: {
        scan_progress: { rows: 1, bytes: 0 },
        write_progress: nothing,
        result_progress: { rows: 1, bytes: 0 },
        total_scan: { rows: 1, bytes: 0 },
        spill_progress: { file_nums: 0, bytes: 0 },
        running_time_ms: expect.any(Number) as number,
      },
      stats_uri: '/v1/query/q.1-x',
      final_uri: '/v1/query/q.1-x/final',
      next_uri: null,
      kill_uri: '/v1/query/q.1-x/kill',
    });
  });

  it('invents an id where the client gives none, and a session where it sends none', async () => {
    const answer = await sql.run('SELECT 1');
    expect(answer.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.session).toMatchObject({ database: 'default', role: 'account_admin', settings: {} });
  });

  it('is Failed under status 200 for a statement that fails, with the session as it was', async () => {
    const answer = await sql.answer('LIST @nope', { id: 'failing', session: { database: 'd' } });
    expect(answer).toMatchObject({
      state: 'Failed',
      error: { code: 2501, kind: 'UnknownStage', message: "Stage 'nope' does not exist." },
      session: { database: 'd' },
      schema: [],
      data: [],
      next_uri: null,
      final_uri: null,
    });
  });

  it.each(['/v1/query/', '/v1/query'])('comes at %s', async (path) => {
    expect((await client.postJson(path, { sql: 'SELECT 1' })).status).toBe(200);
  });
});

describe('a session', () => {
  it('is changed by USE, SET and UNSET, and by nothing else', async () => {
    const session = { database: 'a', settings: { x: '1', y: '2' }, txn_state: 'AutoCommit' };
    expect((await sql.run('USE other', { session })).session).toEqual({ ...session, database: 'other' });
    expect((await sql.run('SET z = 3', { session })).session).toEqual({
      ...session,
      settings: { x: '1', y: '2', z: '3' },
    });
    expect((await sql.run('UNSET x', { session })).session).toEqual({ ...session, settings: { y: '2' } });
    expect((await sql.run('LIST @~', { session })).session).toEqual(session);
  });

  it('is what SELECT and SHOW SETTINGS tell of', async () => {
    const session = { database: 'sales', settings: { max_threads: '4', timezone: 'UTC' } };
    const { data } = await sql.run('SELECT current_database(), database(), current_user(), version()', {
      session,
    });
    expect(data[0]?.slice(0, 3)).toEqual(['sales', 'sales', "'root'@'%'"]);
    expect(data[0]?.[3]).toMatch(/^Databend Query v1\.2\.900/);
    const settings = await sql.run("SHOW SETTINGS LIKE 'MAX%'", { session });
    expect(settings.data.map((row) => row.slice(0, 2))).toEqual([['max_threads', '4']]);
  });
});

describe('a result of several pages', () => {
  it('is read by next_uri, each row once and in order, the schema on every page', async () => {
    let answer = await sql.run('LIST @~', SMALL_PAGES);
    const pages: QueryAnswer[] = [answer];
    while (answer.next_uri !== null) {
      expect(answer.state).toBe('Running');
      // Clients put a path together by formatting, percent signs and question marks are lost in it.
      expect(answer.next_uri).toMatch(/^\/v1\/query\/[\w.-]+\/page\/\d+\/[\w.-]+$/);
      expect(answer.next_uri).not.toContain('/final');
      answer = await sql.page(answer.next_uri);
      pages.push(answer);
    }
    expect(answer.state).toBe('Succeeded');
    expect(pages.flatMap((page) => page.data.map(([name]) => name))).toEqual(FILES);
    expect(pages.map((page) => page.data.length)).toEqual([2, 2, 1]);
    for (const page of pages) expect(page.schema).toHaveLength(5);
  });

  it('gives a page again to who asks again', async () => {
    const { next_uri: uri } = await sql.run('LIST @~', SMALL_PAGES);
    const once = await sql.page(uri ?? '');
    const again = await sql.page(uri ?? '');
    expect(again.data).toEqual(once.data);
  });

  it.each([
    ['ORDER BY size DESC, name DESC', [...FILES].reverse()],
    ['ORDER BY name', FILES],
    ['LIMIT 3', FILES.slice(0, 3)],
    ['LIMIT 3 OFFSET 1', FILES.slice(1, 4)],
    ['ORDER BY name DESC LIMIT 3 OFFSET 1', [...FILES].reverse().slice(1, 4)],
    ["WHERE name LIKE 'c/%'", FILES.slice(2, 4)],
    ["WHERE name LIKE 'c/%' OR name = 'a.csv' LIMIT 2", ['a.csv', 'c/d.csv']],
    ['LIMIT 0', []],
    ['OFFSET 9', []],
  ])('is the same by pages of one as at once: %s', async (clauses, names) => {
    const statement = `SELECT name FROM list_stage(location => '@~') ${clauses}`;
    const rows = await sql.rows(statement, { pagination: { max_rows_per_page: 1 } });
    expect(rows.flat()).toEqual(names);
    expect((await sql.rows(statement)).flat()).toEqual(names);
  });

  it('gives its last page again, too: an answer can be lost', async () => {
    const { next_uri: uri } = await sql.run(
      "SELECT name FROM list_stage(location => '@~') LIMIT 3",
      SMALL_PAGES,
    );
    const once = await sql.page(uri ?? '');
    expect(once).toMatchObject({ data: [[FILES[2]]], next_uri: null });
    expect(await sql.page(uri ?? '')).toMatchObject({ data: once.data, next_uri: null });
  });

  it('is closed when it was killed, for every page that was still to come', async () => {
    const { id, next_uri: uri, kill_uri: kill } = await sql.run('LIST @~', SMALL_PAGES);
    const killed = await client.send(kill ?? '', { method: 'POST' });
    expect({ status: killed.status, body: await killed.text() }).toEqual({ status: 200, body: '' });
    await expectError(await client.send(uri ?? ''), { status: 400, message: /closed for canceled/ });
    expect((await client.send(`/v1/query/${id}/kill`)).status).toBe(200);
  });

  it('is closed when it was finalized', async () => {
    const { next_uri: uri, final_uri: final } = await sql.run('LIST @~', SMALL_PAGES);
    const finalized = await client.send(final ?? '');
    expect(finalized.status).toBe(200);
    expect(await finalized.json()).toMatchObject({ next_uri: null, error: null, session: null, schema: [] });
    await expectError(await client.send(uri ?? ''), { status: 400, message: /closed for finalized/ });
  });

  it('is nobody else’s', async () => {
    const { id, next_uri: uri } = await sql.run('LIST @~', SMALL_PAGES);
    const other = new Client(testApp, basic('ann', 'secret'));
    await expectError(await other.send(uri ?? ''), { status: 404, message: /Invalid page number/ });
    for (const path of [`/v1/query/${id}`, `/v1/query/${id}/final`, `/v1/query/${id}/kill`]) {
      await expectError(await other.send(path), { status: 404, message: /not found/ });
    }
    expect((await sql.page(uri ?? '')).data).toHaveLength(2);
  });

  it('has no page that was not given, and none by a changed cursor', async () => {
    const { id, next_uri: uri } = await sql.run('LIST @~', SMALL_PAGES);
    const paths = [
      `/v1/query/${id}/page/1`,
      `/v1/query/${id}/page/1/x.y`,
      `${String(uri)}x`,
      String(uri).replace('/page/1/', '/page/2/'),
      String(uri).replace(id, 'another'),
      `/v1/query/nobody/page/1`,
      `/v1/query/${id}/page/x`,
    ];
    for (const path of paths) {
      await expectError(await client.send(path), { status: 404, message: /Invalid page number|not found/ });
    }
  });
});

describe('a query', () => {
  it.each(['PUT', 'DELETE', 'OPTIONS'])('is neither killed nor finalized by %s', async (method) => {
    const { next_uri: uri, kill_uri: kill, final_uri: final } = await sql.run('LIST @~', SMALL_PAGES);
    for (const path of [kill, final]) {
      const answer = await client.send(path ?? '', { method });
      await expectError(answer, { status: 405, message: /by GET, HEAD, POST/ });
    }
    expect((await sql.page(uri ?? '')).data).toHaveLength(2);
  });
});

describe('a query id', () => {
  it('runs a statement that changes something once, however often it is sent', async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => sql.answer('CREATE STAGE once', { id: 'the-same' })),
    );
    expect(answers.map(({ state, error }) => ({ state, error }))).toEqual(
      Array.from({ length: 5 }, () => ({ state: 'Succeeded', error: null })),
    );
    expect(await sql.failure('CREATE STAGE once', { id: 'another' })).toMatchObject({ code: 2502 });
    expect(await sql.failure('CREATE STAGE once', { id: 'another' })).toMatchObject({ code: 2502 });
    await sql.run('DROP STAGE once', { id: 'drop-once' });
    await sql.run('DROP STAGE once', { id: 'drop-once' });
  });

  it('cannot pass another statement off as done', async () => {
    await sql.run('CREATE STAGE first_of_two', { id: 'reused' });
    const error = await sql.failure('DROP STAGE first_of_two', { id: 'reused' });
    expect(error).toEqual({
      code: 1006,
      message: expect.stringMatching(/has run another statement already/) as string,
    });
    expect((await sql.run('DESC STAGE first_of_two')).data).toHaveLength(1);
  });

  it('is the user’s own: another one’s of the same text is another query', async () => {
    await client.upload(form(filePart('twice')));
    await annClient.upload(form(filePart('twice')));
    await sql.run('REMOVE @~/twice', { id: 'shared' });
    await ann.run('REMOVE @~/twice', { id: 'shared' });
    expect(await annClient.names('~')).toEqual([]);
  });

  it.each(['a b', 'x'.repeat(101), 'a/b', 'ä', '.', '..'])('is refused as %j', async (id) => {
    const answer = await client.request(
      'POST /v1/query',
      {
        'x-databend-query-id': Buffer.from(id).toString('latin1'),
        'content-type': 'application/json',
        'content-length': '18',
      },
      '{"sql":"SELECT 1"}',
    );
    await expectError(answer, { status: 400, message: /X-DATABEND-QUERY-ID must be/ });
  });

  it('can be asked about when the query is over', async () => {
    const { id } = await sql.run('SELECT 1');
    expect(await sql.page(`/v1/query/${id}`)).toMatchObject({
      state: 'Succeeded',
      error: null,
      next_uri: null,
    });
    await sql.failure('DROP STAGE nope', { id: 'it-failed' });
    expect(await sql.page('/v1/query/it-failed')).toMatchObject({
      state: 'Failed',
      error: { code: 2501, kind: 'UnknownStage' },
    });
  });

  it.each(['', '/final', '/kill', '/page/1', '/page/0'])('that is unknown is 404 at its %s', async (path) => {
    await expectError(await client.send(`/v1/query/unknown${path}`), {
      status: 404,
      message: /unknown not found/,
    });
  });
});

describe('what a client sends is repeated in part only', () => {
  it.each([
    ['LIST @', 2501],
    ['DROP STAGE ', 2501],
    ['SELECT ', 1065],
  ])('%s', async (statement, code) => {
    const error = await sql.failure(`${statement}${'x'.repeat(500_000)}`);
    expect(error.code).toBe(code);
    expect(error.message.length).toBeLessThan(5000);
  });

  it('also where it is half a character', async () => {
    const { message } = await sql.failure('\ud800');
    expect(message.isWellFormed()).toBe(true);
  });

  it('a session whose settings are no texts stays as it is', async () => {
    const session = { settings: { a: { toString: 1, valueOf: 1 }, b: 1, c: null } };
    expect((await sql.run('SHOW SETTINGS', { session })).session).toEqual(session);
  });
});

describe('a request that is no query', () => {
  it.each([
    ['no JSON', '{sql', 400, /not valid JSON/],
    ['an array', '[]', 400, /must be an object/i],
    ['a text', '"SELECT 1"', 400, /must be an object/i],
    ['null', 'null', 400, /must be an object/i],
    ['no statement', '{}', 400, /sql: /],
    [
      'a session that is nested without end',
      `{"sql":"SELECT 1","session":{"x":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`,
      400,
      /nested too deeply/,
    ],
    ['a statement that is no text', '{"sql":1}', 400, /sql: /],
    ['a session that is none', '{"sql":"SELECT 1","session":1}', 400, /session: /],
    [
      'a negative page size',
      '{"sql":"SELECT 1","pagination":{"max_rows_per_page":-1}}',
      400,
      /max_rows_per_page/,
    ],
  ])('is told so: %s', async (_what, body, status, message) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await client.send('/v1/query', { method: 'POST', headers, body });
    await expectError(answer, { status, message });
  });

  it('is asked for its body where it waits for that', async () => {
    const body = JSON.stringify({ sql: 'SELECT 1' });
    const connection = await client.start('POST /v1/query', {
      expect: '100-continue',
      'content-type': 'application/json',
      'content-length': String(body.length),
    });
    expect((await connection.answer())?.status).toBe(100);
    await connection.write(body);
    expect((await connection.expectAnswer()).status).toBe(200);
    connection.leave();
  });

  it('needs its content type', async () => {
    const answer = await client.send('/v1/query', { method: 'POST', body: '{"sql":"SELECT 1"}' });
    await expectError(answer, { status: 415, message: /application\/json/ });
  });

  it('is refused where its bytes are no UTF-8', async () => {
    const body = Buffer.concat([
      Buffer.from('{"sql":"LIST @~/'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('"}'),
    ]);
    const headers = { 'content-type': 'application/json', 'content-length': String(body.length) };
    const answer = await client.request('POST /v1/query', headers, body);
    await expectError(answer, { status: 400, message: /UTF-8/ });
  });

  it('is refused before its body comes, where that says that it is a gigabyte', async () => {
    const headers = { 'content-type': 'application/json', 'content-length': String(2 ** 30) };
    const answer = await client.request('POST /v1/query', headers, '{"sql":"');
    await expectError(answer, { status: 413, message: /at most 1 MiB/ });
  });

  it('is refused at the first megabyte of a body that does not say how long it is', async () => {
    const answer = await client.postJson('/v1/query', { sql: `SELECT '${'x'.repeat(10 * 1024 * 1024)}'` });
    await expectError(answer, { status: 413, message: /at most 1 MiB/ });
  });

  it('is an error at once where it nests a hundred thousand parentheses', async () => {
    const nested = `SELECT name FROM list_stage(location => '@~') WHERE ${'('.repeat(1e5)}1${')'.repeat(1e5)}`;
    const started = performance.now();
    expect(await sql.failure(nested)).toMatchObject({ code: 1005 });
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
