import { setTimeout as delay } from 'node:timers/promises';
import { getDataSourceToken } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { ChangingRuns } from '../../../src/query/runs/changing-runs.js';
import { QueryRecords } from '../../../src/query/runs/query-records.js';
import { UserService } from '../../../src/users/accounts/user.service.js';
import { Principals } from '../../../src/users/principals/principals.js';
import { Client } from '../support/client.js';
import { expectError } from '../support/expectations.js';
import { SqlClient, type QueryAnswer } from '../support/sql-client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const STATEMENT = 'DROP STAGE large';
const ONE_SECOND = { pagination: { wait_time_secs: 1 } };

let testApp: TestApp;
let client: Client;
let sql: SqlClient;

beforeAll(async () => {
  testApp = await startTestApp();
  client = new Client(testApp);
  sql = new SqlClient(client);
});

afterAll(() => testApp.close());

/** A statement that takes as long as the test wants, as the service would have begun it. */
async function begin(id: string, work: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  const key = { userId: 'root', id };
  expect(await testApp.app.get(QueryRecords).begin(key, 'change', STATEMENT)).toBe(true);
  const root = await testApp.app.get(UserService).find('root');
  if (root === null) throw new TypeError('there is no root');
  const principal = await testApp.app.get(Principals).of(root);
  testApp.app.get(ChangingRuns).start({ key, principal, work });
}

/** A promise and who opens it. */
function gate(): { readonly promise: Promise<undefined>; readonly resolve: (value: undefined) => void } {
  let resolve: (value: undefined) => void = () => undefined;
  const promise = new Promise<undefined>((open) => {
    resolve = open;
  });
  return { promise, resolve };
}

function again(id: string): Promise<QueryAnswer> {
  return sql.answer(STATEMENT, { id, ...ONE_SECOND });
}

describe('a statement that takes longer than its client waits', () => {
  it('is Running, and its next page comes when it is done', async () => {
    const { promise, resolve } = gate();
    await begin('slow', () => promise);
    const waiting = await again('slow');
    expect(waiting).toMatchObject({
      state: 'Running',
      error: null,
      data: [],
      next_uri: '/v1/query/slow/page/1',
    });
    expect(await sql.page('/v1/query/slow')).toMatchObject({ state: 'Running' });
    const page = sql.page(waiting.next_uri ?? '');
    resolve(undefined);
    expect(await page).toMatchObject({ state: 'Succeeded', error: null, next_uri: null });
    expect(await again('slow')).toMatchObject({ state: 'Succeeded', error: null });
  });

  it('tells everyone how it failed, and nobody the inside of the server', async () => {
    await begin('broken', () => Promise.reject(new TypeError('a defect at /home/somebody')));
    const failure = { code: 1001, message: 'The server failed unexpectedly: its log has the reason.' };
    expect(await again('broken')).toMatchObject({ state: 'Failed', error: failure });
    expect(await sql.page('/v1/query/broken')).toMatchObject({ state: 'Failed', error: failure });
    expect(testApp.logs()).toContain('a defect');
  });

  it('goes on when its client wants to hear no more of it', async () => {
    let signal: AbortSignal | undefined;
    const { promise, resolve } = gate();
    await begin('finalized', (given) => {
      signal = given;
      return promise;
    });
    expect((await again('finalized')).state).toBe('Running');
    expect(await sql.page('/v1/query/finalized/final')).toMatchObject({ state: 'Running', next_uri: null });
    await delay(100);
    expect(signal?.aborted).toBe(false);
    resolve(undefined);
    expect(await again('finalized')).toMatchObject({ state: 'Succeeded', error: null });
  });

  it('is cut off by a kill, and says so to who waits', async () => {
    let signal: AbortSignal | undefined;
    const { promise, resolve } = gate();
    await begin('killed', (given) => {
      signal = given;
      given.addEventListener('abort', () => {
        resolve(undefined);
      });
      return promise;
    });
    expect((await again('killed')).state).toBe('Running');
    expect((await client.send('/v1/query/killed/kill', { method: 'POST' })).status).toBe(200);
    expect(signal?.aborted).toBe(true);
    for (const path of ['', '/page/1']) {
      const answer = await client.send(`/v1/query/killed${path}`);
      await expectError(answer, { status: 400, message: /^Query killed is closed for canceled\.$/ });
    }
  });

  it('is told to have died with its server, when nothing was heard of it for long', async () => {
    await testApp.app.get(QueryRecords).begin({ userId: 'root', id: 'orphan' }, 'change', STATEMENT);
    const database = testApp.app.get<DataSource>(getDataSourceToken());
    await database.query("UPDATE queries SET touched_at = '2026-01-01T00:00:00.000Z' WHERE id = 'orphan'");
    const answer = await sql.post(STATEMENT, { id: 'orphan', ...ONE_SECOND });
    const died = { status: 503, code: 1001, message: /stopped under it/ };
    await expectError(answer, died);
    await expectError(await client.send('/v1/query/orphan'), died);
  });
});
