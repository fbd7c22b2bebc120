import { setTimeout as delay } from 'node:timers/promises';
import { UserService } from '../../../src/users/accounts/user.service.js';
import { basic, Client, ROOT } from '../support/client.js';
import { expectError } from '../support/expectations.js';
import { filePart, form } from '../support/form.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

interface Tokens {
  readonly session_token_ttl_in_secs: number;
  readonly session_token: string;
  readonly refresh_token: string;
}

interface Login {
  readonly version: string;
  readonly session_id: string;
  readonly tokens?: Tokens;
}

let testApp: TestApp;
let users: UserService;

beforeAll(async () => {
  testApp = await startTestApp({ SESSION_TTL_SECONDS: '60' });
  users = testApp.app.get(UserService);
});

afterAll(() => testApp.close());

async function login(authorization = ROOT, query = '', server = testApp): Promise<Login> {
  const answer = await new Client(server, authorization).postJson(`/v1/session/login${query}`, {});
  expect(answer.status).toBe(200);
  expect(answer.headers.get('x-databend-session-id')).toMatch(/^[0-9a-f-]{36}$/);
  return (await answer.json()) as Login;
}

async function tokens(authorization?: string, server?: TestApp): Promise<Tokens> {
  const { tokens: given } = await login(authorization, '', server);
  if (given === undefined) throw new TypeError('a login gave no tokens');
  return given;
}

function bearer(token: string, server = testApp): Client {
  return new Client(server, `Bearer ${token}`);
}

const TOKEN_GONE = { status: 401, code: 5103, message: /session token not found/ };

describe('a login', () => {
  it('tells a version that clients can read, and gives tokens', async () => {
    const { version, tokens: given } = await login();
    expect(version).toBe('1.2.900');
    expect(given).toEqual({
      session_token_ttl_in_secs: 60,
      session_token: expect.stringMatching(/^bend-v1-s-/) as string,
      refresh_token: expect.stringMatching(/^bend-v1-r-/) as string,
    });
  });

  it('gives none to who wants none', async () => {
    expect(await login(ROOT, '?disable_session_token=true')).not.toHaveProperty('tokens');
  });

  it.each([
    { database: 'default', role: 'public', settings: { presigned_url_disabled: 'true' } },
    { settings: { nobody_knows: '1' }, anything: [1] },
    null,
  ])('takes %j, and lets nothing of it matter', async (body) => {
    expect((await new Client(testApp).postJson('/v1/session/login', body)).status).toBe(200);
  });

  it.each([[[]], ['text'], [1]])('answers 400 where the body is %j', async (body) => {
    const answer = await new Client(testApp).postJson('/v1/session/login', body);
    await expectError(answer, { status: 400, message: /JSON object/ });
  });

  it('needs the password', async () => {
    const answer = await new Client(testApp, basic('root', 'wrong')).postJson('/v1/session/login', {});
    await expectError(answer, { status: 401, code: 5100, message: /incorrect user name or password/ });
  });
});

describe('a session token of one second', () => {
  let hasty: TestApp;

  beforeAll(async () => {
    hasty = await startTestApp({ SESSION_TTL_SECONDS: '1' });
  });

  afterAll(() => hasty.close());

  it('is over after its time, and its refresh token gives a new one', async () => {
    const { session_token, refresh_token } = await tokens(ROOT, hasty);
    await delay(1200);
    const late = await bearer(session_token, hasty).send('/v1/stages/~');
    await expectError(late, { status: 401, code: 5101, message: /session token has expired/ });
    const answer = await bearer(refresh_token, hasty).postJson('/v1/session/refresh', { session_token });
    expect(answer.status).toBe(200);
    const renewed = (await answer.json()) as Tokens & { readonly tokens: Tokens };
    expect(renewed.tokens.session_token).toBe(renewed.session_token);
    expect((await bearer(renewed.session_token, hasty).send('/v1/stages/~')).status).toBe(200);
  });
});

describe('a session token', () => {
  it('stands for the password on every route', async () => {
    const client = bearer((await tokens()).session_token);
    expect((await client.send('/v1/stages/~')).status).toBe(200);
    expect((await client.upload(form(filePart('by-token')))).status).toBe(200);
    expect(await client.names('~')).toContain('by-token');
  });

  it('is over after a logout, and so is what would refresh it', async () => {
    const { session_token, refresh_token } = await tokens();
    const logout = await bearer(session_token).send('/v1/session/logout', { method: 'POST' });
    expect({ status: logout.status, body: await logout.json() }).toEqual({
      status: 200,
      body: { error: null },
    });
    await expectError(await bearer(session_token).send('/v1/stages/~'), TOKEN_GONE);
    const refresh = await bearer(refresh_token).postJson('/v1/session/refresh', { session_token });
    await expectError(refresh, { status: 401, code: 5104, message: /refresh token not found/ });
  });

  it('leaves other sessions of the user alone when it is ended', async () => {
    const [mine, other] = [await tokens(), await tokens()];
    await bearer(mine.session_token).send('/v1/session/logout', { method: 'POST' });
    expect((await bearer(other.session_token).send('/v1/stages/~')).status).toBe(200);
  });

  it('is over when its user gets a new password', async () => {
    await users.save('carl', 'old', { isAdmin: false });
    const { session_token } = await tokens(basic('carl', 'old'));
    expect((await bearer(session_token).send('/v1/stages/~')).status).toBe(200);
    await users.save('carl', 'new', { isAdmin: false });
    await expectError(await bearer(session_token).send('/v1/stages/~'), TOKEN_GONE);
  });

  it('of a user without a password is taken from this machine only', async () => {
    const { session_token } = await tokens();
    const answer = await bearer(session_token).send('/v1/stages/~', {
      headers: { 'x-forwarded-for': '1.2.3.4' },
    });
    await expectError(answer, { status: 401, code: 5100, message: /from this machine only/ });
  });

  it('of a user without a password is renewed from this machine only', async () => {
    const { session_token, refresh_token } = await tokens();
    const answer = await bearer(refresh_token).send('/v1/session/refresh', {
      method: 'POST',
      headers: { 'x-forwarded-for': '1.2.3.4', 'content-type': 'application/json' },
      body: JSON.stringify({ session_token }),
    });
    await expectError(answer, { status: 401, code: 5100, message: /from this machine only/ });
  });

  it('is nothing when it is changed, and nothing in the place of the other kind', async () => {
    const { session_token, refresh_token } = await tokens();
    await expectError(await bearer(`${session_token}x`).send('/v1/stages/~'), TOKEN_GONE);
    await expectError(await bearer('bend-v1-s-').send('/v1/stages/~'), TOKEN_GONE);
    const wrongKind = { status: 401, code: 5100, message: /incorrect token type for this endpoint/ };
    await expectError(await bearer(refresh_token).send('/v1/stages/~'), wrongKind);
    await expectError(await bearer(session_token).postJson('/v1/session/refresh', {}), wrongKind);
  });

  it('is looked at before the body of a refresh', async () => {
    const answer = await bearer((await tokens()).session_token).send('/v1/session/refresh', {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: 'no JSON',
    });
    await expectError(answer, { status: 401, code: 5100, message: /incorrect token type for this endpoint/ });
  });

  it('cannot be a JWT, and a refresh cannot do with a password', async () => {
    const answer = await bearer('eyJhbGciOiJub25lIn0.e30.').send('/v1/stages/~');
    await expectError(answer, { status: 401, code: 5100, message: /JWT auth is not configured/ });
    const refresh = await new Client(testApp).postJson('/v1/session/refresh', {});
    await expectError(refresh, { status: 401, code: 5100, message: /send the refresh token/ });
  });
});

describe('beside the session', () => {
  it('a heartbeat tells the client to forget every query: none needs it', async () => {
    const body = { node_to_queries: { n1: ['a', 'b'], n2: ['c'] } };
    const answer = await new Client(testApp).postJson('/v1/session/heartbeat', body);
    expect({ status: answer.status, body: await answer.json() }).toEqual({
      status: 200,
      body: { queries_to_remove: ['a', 'b', 'c'] },
    });
  });

  it.each([{ node_to_queries: 1 }, { node_to_queries: { n: [1] } }, []])(
    'a heartbeat of %j is 400',
    async (body) => {
      const answer = await new Client(testApp).postJson('/v1/session/heartbeat', body);
      await expectError(answer, { status: 400, message: /JSON object of the documented form/ });
    },
  );

  it('verify says who is there, also to a request without a body', async () => {
    const headers = { 'content-type': 'application/json; charset=utf-8', 'x-databend-tenant': 't1' };
    const answer = await new Client(testApp).send('/v1/verify', { method: 'POST', headers });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({
      tenant: 't1',
      user: 'root',
      auth_type: 'no_password',
      is_configured: true,
      default_role: 'account_admin',
      default_warehouse: 'default',
      roles: ['account_admin'],
    });
  });

  it('verify says of a user with a password what Databend would', async () => {
    await testApp.app.get(UserService).save('verified', 'secret', { isAdmin: false });
    const client = new Client(testApp, basic('verified', 'secret'));
    const answer = await client.send('/v1/verify', { method: 'POST' });
    expect(await answer.json()).toMatchObject({
      user: 'verified',
      auth_type: 'double_sha1_password',
      is_configured: false,
      roles: [], // those that were granted: everybody has public
    });
  });

  it('a logout of who came with a password is no error', async () => {
    const answer = await new Client(testApp).send('/v1/session/logout', { method: 'POST' });
    expect({ status: answer.status, body: await answer.json() }).toEqual({
      status: 200,
      body: { error: null },
    });
  });

  it('every answer says the protocol’s version', async () => {
    expect((await new Client(testApp).send('/v1/stages')).headers.get('x-databend-version')).toBe('1.2.900');
    expect((await new Client(testApp, '').send('/v1/stages')).headers.get('x-databend-version')).toBe(
      '1.2.900',
    );
  });
});
