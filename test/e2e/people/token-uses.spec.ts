import { setTimeout as delay } from 'node:timers/promises';
import { basic, Client } from '../support/client.js';
import { filePart, form } from '../support/form.js';
import { SqlClient } from '../support/sql-client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { newPerson, NO_STAGE, Rest } from './rest.js';

let testApp: TestApp;
let root: Rest;
let pipeline: Rest;

beforeAll(async () => {
  testApp = await startTestApp();
  root = new Rest(testApp);
  pipeline = await newPerson(testApp, 'pipeline');
  for (const name of ['landing', 'other']) {
    await root.get('POST /v1/stages', { name }, 201);
    await root.done(`PUT /v1/stages/${name}/grants/users/pipeline`, { privileges: ['READ', 'WRITE'] });
  }
});

afterAll(() => testApp.close());

const OUT_OF_SCOPE = { status: 403, code: 1063, kind: 'TokenScope' };
const SCOPE = { stages: ['landing'], prefix: 'nightly/', privileges: ['READ', 'WRITE'] };

interface Made {
  readonly id: string;
  readonly token: string;
}

interface Session {
  readonly tokens: { readonly session_token: string; readonly refresh_token: string };
}

let next = 0;

async function newToken(fields: object = {}): Promise<Made> {
  return pipeline.get<Made>('POST /v1/tokens', { name: `t${String(next++)}`, ...fields }, 201);
}

async function revoke({ id }: Made): Promise<void> {
  await pipeline.done(`DELETE /v1/tokens/${id}`);
}

describe.each([
  ['as a bearer token', (token: string) => `Bearer ${token}`],
  ['as the password of Basic authentication', (token: string) => basic('pipeline', token)],
])('a token %s', (_how, authorization) => {
  it('uploads, lists, downloads, removes and makes URLs below its prefix, and nothing else', async () => {
    const made = await newToken({ scope: SCOPE });
    const rest = new Rest(testApp, authorization(made.token));
    const { client } = rest;
    await root.client.upload(form(filePart('secret')), { stage_name: 'landing' });

    const upload = await client.upload(form(filePart('nightly/a')), { stage_name: 'landing' });
    expect(upload.status).toBe(200);
    expect(await client.names('landing')).toEqual(['nightly/a']);
    expect((await client.send('/v1/stages/landing/files/nightly/a')).status).toBe(200);
    const url = await rest.get<{ url: string }>('POST /v1/stages/landing/presign', {
      method: 'GET',
      path: 'nightly/a',
    });
    expect((await fetch(url.url)).status).toBe(200);

    const outside = await client.upload(form(filePart('b')), { stage_name: 'landing' });
    expect(outside.status).toBe(403);
    for (const line of ['GET /v1/stages/landing/files/secret', 'DELETE /v1/stages/landing/files/secret'])
      expect(await rest.refusal(line)).toMatchObject(OUT_OF_SCOPE);
    expect(await rest.refusal('GET /v1/stages/other/files')).toMatchObject(NO_STAGE);
    expect(await rest.refusal('GET /v1/stages/~/files')).toMatchObject(OUT_OF_SCOPE);
    await rest.get('DELETE /v1/stages/landing/files?prefix=');
    expect(await root.client.names('landing')).toEqual(['secret']);

    await revoke(made);
    expect((await fetch(url.url)).status).toBe(403);
    expect((await client.send('/v1/stages')).status).toBe(401);
  });

  it('runs statements, and signs in to a session that ends with the token, its refresh too', async () => {
    const made = await newToken();
    const rest = new Rest(testApp, authorization(made.token));
    expect(await new SqlClient(rest.client).rows('SELECT current_user()')).toEqual([["'pipeline'@'%'"]]);
    const { tokens } = await rest.get<Session>('POST /v1/session/login', {});
    const session = new Rest(testApp, `Bearer ${tokens.session_token}`);
    const refresh = new Rest(testApp, `Bearer ${tokens.refresh_token}`);
    expect(await new SqlClient(session.client).rows('SHOW STAGES')).toHaveLength(2);
    const renewed = await refresh.get<Session>('POST /v1/session/refresh', {});
    const again = new Rest(testApp, `Bearer ${renewed.tokens.session_token}`);
    await again.get('GET /v1/stages');
    // What came of the token may no more than the token.
    expect(await again.refusal('POST /v1/tokens', { name: 'another' })).toMatchObject(OUT_OF_SCOPE);

    await revoke(made);
    for (const each of [session, again])
      expect(await each.refusal('GET /v1/stages')).toMatchObject({ status: 401, code: 5103 });
    expect(await refresh.refusal('POST /v1/session/refresh', {})).toMatchObject({ status: 401, code: 5104 });
  });
});

describe('a token of another scope', () => {
  it('that may only read does not write', async () => {
    const { token } = await newToken({ scope: { privileges: ['READ'] } });
    const client = new Client(testApp, `Bearer ${token}`);
    expect(await client.names('landing')).toEqual(['secret']);
    expect((await client.upload(form(filePart('f')), { stage_name: 'landing' })).status).toBe(403);
    expect((await client.upload(form(filePart('f')))).status).toBe(403);
  });

  it('gives no more than its user may at that moment', async () => {
    const { token } = await newToken({ scope: { stages: ['other'], privileges: ['READ', 'WRITE'] } });
    const rest = new Rest(testApp, `Bearer ${token}`);
    expect(await rest.client.names('other')).toEqual([]);
    await root.done('PUT /v1/stages/other/grants/users/pipeline', { privileges: ['READ'] });
    expect((await rest.client.upload(form(filePart('f')), { stage_name: 'other' })).status).toBe(403);
    await root.done('DELETE /v1/stages/other/grants/users/pipeline');
    expect(await rest.refusal('GET /v1/stages/other/files')).toMatchObject(NO_STAGE);
  });
});

describe('a token as a password', () => {
  it('is good for its own user only', async () => {
    const { token } = await newToken();
    for (const name of ['root', 'nobody']) {
      const refusal = await new Rest(testApp, basic(name, token)).refusal('GET /v1/stages');
      expect(refusal).toMatchObject({ status: 401, kind: 'WrongPassword' });
    }
  });
});

describe('an upload that runs with a token', () => {
  it('ends when the token is revoked, and stores nothing', async () => {
    const made = await newToken();
    const client = new Client(testApp, `Bearer ${made.token}`);
    const connection = await client.start(
      'PUT /v1/stages/~/files/half',
      { 'content-length': '1000' },
      'a half',
    );
    await delay(100); // until the request is let in
    await revoke(made);
    const answer = await connection.expectAnswer();
    connection.leave();
    expect(answer.status).toBe(401);
    expect(await pipeline.client.names('~')).toEqual([]);
  });
});
