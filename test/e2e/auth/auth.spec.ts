import { UserService } from '../../../src/users/accounts/user.service.js';
import { basic, Client, ROOT } from '../support/client.js';
import { expectError } from '../support/expectations.js';
import { filePart, form } from '../support/form.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** The paths that let everybody in, and what they answer to nobody in particular. */
const PUBLIC: Readonly<Record<string, number>> = {
  '/health': 200,
  '/ready': 200,
  '/openapi.json': 200,
  '/docs': 200,
  '/docs/~': 404, // the page has no such file
  '/version': 200,
  // Who has a token that says it all needs nothing else; without one there is nothing.
  '/v1/presigned/file': 403,
  '/v1/session/refresh': 401,
};
const PASSWORD = 'a:b:c пароль 🔑';

let testApp: TestApp;
let client: Client;

beforeAll(async () => {
  testApp = await startTestApp();
  client = new Client(testApp);
  await testApp.app.get(UserService).save('ann', PASSWORD, { isAdmin: false });
});

afterAll(() => testApp.close());

/** Every route of the application, as `GET /v1/stages/~`. */
function routes(): string[] {
  const express = testApp.app.getHttpAdapter().getInstance();
  return express.router.stack.flatMap(({ route }) => {
    if (route === undefined) return [];
    const path = route.path.replace(/:\w+/g, '~').replace(/\{?\*\w+\}?/g, 'file');
    const methods = new Set(route.stack.map((layer) => layer.method as string | undefined));
    // CONNECT never reaches a route: it asks for a tunnel.
    methods.delete('connect');
    return [...methods].map((method) => `${(method ?? 'put').toUpperCase().replace('_ALL', 'PUT')} ${path}`);
  });
}

async function signIn(
  authorization: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  return new Client(testApp, authorization).send('/v1/stages/~', { headers });
}

describe('without credentials', () => {
  it('every route but the public ones answers 401', async () => {
    const all = routes();
    expect(all).toEqual(
      expect.arrayContaining(['PUT /v1/upload_to_stage', 'GET /v1/stages', 'GET /health', 'GET /ready']),
    );
    for (const route of all) {
      const answer = await client.request(route, { authorization: '' });
      const status = PUBLIC[route.split(' ')[1] ?? ''] ?? 401;
      expect({ route, status: answer.status }).toEqual({ route, status });
    }
  });

  it('the answer is Databend’s, and says how to come in', async () => {
    const answer = await client.request('GET /v1/stages', { authorization: '' });
    expect(answer.headers.get('www-authenticate')).toBe('Basic realm="Stagedoor", charset="UTF-8"');
    await expectError(answer, { status: 401, code: 5100, message: /no authorization header/ });
  });

  it('a body is not even looked at', async () => {
    const headers = { authorization: '', 'content-type': 'application/json', 'content-length': '1' };
    const answer = await client.request('POST /v1/stages', headers, '{');
    await expectError(answer, { status: 401, code: 5100, message: /no authorization header/ });
  });
});

describe('root without a password', () => {
  it('comes in from this machine', async () => {
    expect((await signIn(ROOT)).status).toBe(200);
  });

  it.each(['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip', 'via'])(
    'does not come in through a proxy that sends %s',
    async (header) => {
      const answer = await signIn(ROOT, { [header]: 'for=127.0.0.1' });
      expect(answer.headers.get('www-authenticate')).toMatch(/^Basic/);
      await expectError(answer, { status: 401, code: 5100, message: /ROOT_PASSWORD/ });
    },
  );
});

describe('credentials', () => {
  it('with a password of colons and letters beyond ASCII are good', async () => {
    expect((await signIn(basic('ann', PASSWORD))).status).toBe(200);
  });

  it('with a password come in through a proxy too', async () => {
    expect((await signIn(basic('ann', PASSWORD), { via: '1.1 proxy' })).status).toBe(200);
  });

  it.each([
    ['with a wrong password', basic('ann', 'wrong'), 5100, /incorrect user name or password/],
    ['with a password cut at its second colon', basic('ann', 'a'), 5100, /incorrect user name or password/],
    ['without the password', basic('ann', ''), 5100, /password is required/],
    ['with a password where there is none', basic('root', 'x'), 5100, /incorrect user name or password/],
    ['of nobody', basic('nobody', 'x'), 5100, /incorrect user name or password/],
    ['of nobody, without a password', basic('nobody', ''), 5100, /password is required/],
    ['of an empty name', basic('', 'x'), 5100, /incorrect user name or password/],
    ['of a name of 8 KB', basic('n'.repeat(8000), 'x'), 5100, /incorrect user name or password/],
    ['by another scheme', 'Digest abc', 5100, /unsupported authorization header/],
    ['by a token of another service', 'Bearer abc', 5100, /JWT auth is not configured/],
    ['by a token that is empty', 'Bearer ', 5100, /unsupported authorization header/],
    ['that are no base64', 'Basic !!!', 5100, /invalid Basic auth/],
    ['that are empty', 'Basic ', 5100, /invalid Basic auth/],
    ['without a colon', `Basic ${Buffer.from('root').toString('base64')}`, 5100, /invalid Basic auth/],
    [
      'that are no UTF-8',
      `Basic ${Buffer.from('root:\xff', 'latin1').toString('base64')}`,
      5100,
      /invalid Basic auth/,
    ],
  ])('%s are refused', async (_case, authorization, code, message) => {
    const answer = await signIn(authorization);
    expect(answer.headers.get('www-authenticate')).toMatch(
      authorization.startsWith('Bearer') ? /^Bearer/ : /^Basic/,
    );
    await expectError(answer, { status: 401, code, message });
  });

  it('that were refused show no password in the log', async () => {
    await signIn(basic('ann', 'a-password-to-look-for'));
    expect(testApp.logs()).toContain('incorrect user name or password');
    expect(testApp.logs()).not.toContain('a-password-to-look-for');
    expect(testApp.logs()).not.toContain(basic('ann', 'a-password-to-look-for').slice('Basic '.length));
  });
});

describe('guessing a password', () => {
  it('is slowed down, while the right one that is known still works', async () => {
    const right = basic('bob', 'right');
    await testApp.app.get(UserService).save('bob', 'right', { isAdmin: false });
    expect((await signIn(right)).status).toBe(200);
    const statuses = new Set<number>();
    let last = await signIn(basic('bob', 'wrong 0'));
    for (let guess = 1; guess <= 30 && last.status !== 429; guess++) {
      statuses.add(last.status);
      last = await signIn(basic('bob', `wrong ${String(guess)}`));
    }
    expect([...statuses]).toEqual([401]);
    expect(last.headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    await expectError(last, { status: 429, code: 5100, message: /Try again in \d+ seconds/ });
    expect((await signIn(right)).status).toBe(200);
    expect((await signIn(basic('ann', PASSWORD))).status).toBe(200);
  });
});

describe('a second user, no admin', () => {
  const unknown = { status: 404, code: 2501, message: /Stage 'shared' does not exist/ };
  const forbidden = { status: 403, code: 1063, message: /Permission denied.*'ann'@'%'/ };
  let ann: Client;

  beforeAll(async () => {
    ann = new Client(testApp, basic('ann', PASSWORD));
    await client.createStage({ name: 'shared' });
    await client.upload(form(filePart('secret')), { stage_name: 'shared' });
  });

  it('has a stage that is not root’s', async () => {
    expect((await ann.upload(form(filePart('hers', 'by ann')))).status).toBe(200);
    expect((await client.upload(form(filePart('his', 'by root')))).status).toBe(200);
    expect(await ann.names('~')).toEqual(['hers']);
    expect(await client.names('~')).toEqual(['his']);
    expect(await ann.content('~', 'his')).toBeUndefined();
  });

  it.each(['GET /v1/stages/shared', 'GET /v1/stages/shared/files', 'HEAD /v1/stages/shared/files/secret'])(
    'may not %s: the stage is not there for her',
    async (line) => {
      expect((await ann.request(line)).status).toBe(404);
    },
  );

  it.each([
    'GET /v1/stages/shared/files/secret',
    'DELETE /v1/stages/shared/files/secret',
    'DELETE /v1/stages/shared/files?prefix=',
    'DELETE /v1/stages/shared',
  ])('may not %s, and is not told that it could', async (line) => {
    await expectError(await ann.request(line), unknown);
    expect(await client.content('shared', 'secret')).toBe('content');
  });

  it('may neither upload to a named stage nor create one, and sees none', async () => {
    await expectError(await ann.upload(form(filePart('x')), { stage_name: 'shared' }), unknown);
    await expectError(await ann.createStage({ name: 'anns' }), forbidden);
    expect(await (await ann.send('/v1/stages')).json()).toEqual({ stages: [], next_cursor: null });
    expect(await client.names('shared')).toEqual(['secret']);
  });
});
