import { setTimeout as delay } from 'node:timers/promises';
import { AccessVersion } from '../../../src/users/version/access-version.js';
import { ApiTokenRepository } from '../../../src/users/tokens/api-token.repository.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { DENIED, MALFORMED, newPerson, NO_STAGE, NO_USER, Rest } from './rest.js';

let testApp: TestApp;
let root: Rest;
let ann: Rest;
let bob: Rest;

beforeAll(async () => {
  testApp = await startTestApp();
  root = new Rest(testApp);
  ann = await newPerson(testApp, 'ann');
  bob = await newPerson(testApp, 'bob');
  await root.get('POST /v1/stages', { name: 'landing' }, 201);
  await root.get('POST /v1/stages', { name: 'hidden' }, 201);
  await root.done('PUT /v1/stages/landing/grants/users/ann', { privileges: ['READ', 'WRITE'] });
});

afterAll(() => testApp.close());

const DAY_MS = 86_400_000;
const NO_TOKEN = { status: 404, code: 404, kind: 'UnknownToken' };
const INVALID = { status: 400, code: 400, kind: 'InvalidToken' };
const OUT_OF_SCOPE = { status: 403, code: 1063, kind: 'TokenScope' };

interface Token {
  readonly id: string;
  readonly name: string;
  readonly token: string;
  readonly created_on: string;
  readonly expires_on: string | null;
  readonly last_used_on: string | null;
}

async function newToken(of: Rest, body: object): Promise<Token> {
  return of.get<Token>('POST /v1/tokens', body, 201);
}

async function tokenNames(of: Rest, line = 'GET /v1/tokens'): Promise<string[]> {
  return (await of.get<{ tokens: Token[] }>(line)).tokens.map(({ name }) => name);
}

function withToken({ token }: Token): Rest {
  return new Rest(testApp, `Bearer ${token}`);
}

describe('POST /v1/tokens', () => {
  it('shows the token this once, in an answer that is not kept', async () => {
    const answer = await ann.send('POST /v1/tokens', { name: 'first' });
    expect(answer.status).toBe(201);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const made = answer.body as Token;
    expect(made).toEqual({
      id: expect.any(String) as string,
      name: 'first',
      token: expect.stringMatching(/^sd_[\w-]{43}$/) as string,
      scope: null,
      created_on: expect.any(String) as string,
      expires_on: expect.any(String) as string,
    });
    const { token, ...shown } = made;
    const list = await ann.get('GET /v1/tokens');
    expect(list).toEqual({ tokens: [{ ...shown, last_used_on: null }] });
    expect(JSON.stringify(list)).not.toContain(token);
    expect(testApp.logs()).not.toContain(token);
    await ann.done(`DELETE /v1/tokens/${made.id}`);
  });

  it('lets a token live for ninety days, or as long as is said, or until it is revoked', async () => {
    const lives: [object, number | null][] = [
      [{}, 90 * DAY_MS],
      [{ expires_in_seconds: 60 }, 60_000],
      [{ expires_in_seconds: null }, null],
    ];
    for (const [field, life] of lives) {
      const { id, created_on, expires_on } = await newToken(ann, { name: 'lives', ...field });
      const lived = expires_on === null ? null : Date.parse(expires_on) - Date.parse(created_on);
      expect(lived).toBe(life);
      await ann.done(`DELETE /v1/tokens/${id}`);
    }
  });

  it('keeps a scope by the stages themselves: one made anew under the name is not meant', async () => {
    await root.get('POST /v1/stages', { name: 'replaced' }, 201);
    const scope = {
      stages: ['replaced', '~', 'replaced'],
      prefix: 'a/',
      privileges: ['WRITE', 'READ', 'READ'],
    };
    const shown = { stages: ['replaced', '~'], prefix: 'a/', privileges: ['WRITE', 'READ'] };
    const made = await newToken(root, { name: 'scoped', scope });
    expect(made).toMatchObject({ scope: shown });
    await root.get('POST /v1/stages', { name: 'replaced', or_replace: true }, 201);
    expect(await root.get('GET /v1/tokens')).toMatchObject({
      tokens: [{ scope: { ...shown, stages: ['~'] } }],
    });
    expect(await withToken(made).refusal('GET /v1/stages/replaced/files')).toMatchObject(NO_STAGE);
    expect(await withToken(made).client.names('~')).toEqual([]);
    await root.done(`DELETE /v1/tokens/${made.id}`);
  });

  it.each<[what: string, body: unknown, refusal: object, message: RegExp]>([
    ['no name', {}, MALFORMED, /name: is missing/],
    ['an empty name', { name: '' }, INVALID, /1 to 63 characters/],
    ['a name with a line break', { name: 'a\nb' }, INVALID, /control characters/],
    ['no time to live', { name: 'x', expires_in_seconds: 0 }, INVALID, /1 second to 10 years/],
    ['half a second', { name: 'x', expires_in_seconds: 0.5 }, INVALID, /1 second to 10 years/],
    ['eleven years', { name: 'x', expires_in_seconds: 346_896_000 }, INVALID, /1 second to 10 years/],
    ['a time that is a text', { name: 'x', expires_in_seconds: '60' }, MALFORMED, /expires_in_seconds/],
    ['a scope without privileges', { name: 'x', scope: { stages: ['~'] } }, MALFORMED, /scope.privileges/],
    ['a scope that gives nothing', { name: 'x', scope: { privileges: [] } }, INVALID, /READ, WRITE or both/],
    ['another privilege', { name: 'x', scope: { privileges: ['ALL'] } }, MALFORMED, /one of READ, WRITE/],
    [
      'a long prefix',
      { name: 'x', scope: { prefix: 'é'.repeat(600), privileges: ['READ'] } },
      INVALID,
      /1024 bytes/,
    ],
    [
      'an unknown stage',
      { name: 'x', scope: { stages: ['nope'], privileges: ['READ'] } },
      NO_STAGE,
      /'nope' does not exist/,
    ],
    [
      'a hidden stage',
      { name: 'x', scope: { stages: ['hidden'], privileges: ['READ'] } },
      NO_STAGE,
      /'hidden' does not exist/,
    ],
    ['a field that is unknown', { name: 'x', user: 'bob' }, MALFORMED, /user is unknown here/],
  ])('refuses %s', async (_what, body, refusal, message) => {
    const answer = await ann.refusal('POST /v1/tokens', body);
    expect(answer).toMatchObject(refusal);
    expect(answer.message).toMatch(message);
    expect(await tokenNames(ann)).toEqual([]);
  });

  it('refuses a name twice, for one user, and takes that of a token that has expired', async () => {
    const { id } = await newToken(ann, { name: 'same', expires_in_seconds: 1 });
    expect(await ann.refusal('POST /v1/tokens', { name: 'same' })).toMatchObject({
      status: 409,
      kind: 'TokenAlreadyExists',
    });
    await bob.done(`DELETE /v1/tokens/${(await newToken(bob, { name: 'same' })).id}`);
    await delay(1000);
    const next = await newToken(ann, { name: 'same' });
    expect(next.id).not.toBe(id);
    expect(await ann.get('GET /v1/tokens')).toMatchObject({ tokens: [{ id: next.id }] });
    await ann.done(`DELETE /v1/tokens/${next.id}`);
  });

  it('refuses more than a hundred, and one of those that are asked for at once', async () => {
    const many = await newPerson(testApp, 'many');
    const { users } = await root.get<{ users: { name: string }[] }>('GET /v1/users');
    expect(users.map(({ name }) => name)).toContain('many');
    const { id: firstId } = await newToken(many, { name: 't' });
    const [first] = await testApp.app.get(ApiTokenRepository).listOf(await userIdOf(firstId));
    if (first === undefined) throw new TypeError('there is no token');
    await testApp.app.get(AccessVersion).change(() => {
      const others = Array.from({ length: 98 }, (_, at) => ({
        ...first,
        ...{ id: `${first.id} ${String(at)}`, name: `t${String(at)}`, digest: String(at) },
      }));
      const statements = others.map((token) => testApp.app.get(ApiTokenRepository).insertion(token));
      return Promise.resolve({ statements, event: undefined, result: undefined });
    });
    const answers = await Promise.all(['u', 'v', 'w'].map((name) => many.send('POST /v1/tokens', { name })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
    expect(await many.refusal('POST /v1/tokens', { name: 'x' })).toMatchObject({ kind: 'TooManyTokens' });
  });
});

async function userIdOf(tokenId: string): Promise<string> {
  return (await testApp.app.get(ApiTokenRepository).findById(tokenId))?.userId ?? '';
}

describe('a token', () => {
  it('does what its user may, but for passwords and tokens', async () => {
    const made = await newToken(ann, { name: 'whole' });
    const holder = withToken(made);
    expect(await holder.get('GET /v1/users')).toMatchObject({ users: [{ name: 'ann' }] });
    expect(await holder.client.names('landing')).toEqual([]);
    for (const line of ['GET /v1/tokens', `DELETE /v1/tokens/${made.id}`])
      expect(await holder.refusal(line)).toMatchObject(OUT_OF_SCOPE);
    expect(await holder.refusal('POST /v1/tokens', { name: 'another' })).toMatchObject(OUT_OF_SCOPE);
    expect(await holder.refusal('PUT /v1/password', { password: 'stolen one' })).toMatchObject(OUT_OF_SCOPE);
    const own = await holder.refusal('PATCH /v1/users/ann', { password: 'stolen one' });
    expect(own).toMatchObject(OUT_OF_SCOPE);
    await ann.done(`DELETE /v1/tokens/${made.id}`);
  });

  it('is revoked by its user, at once, and by nobody else but an administrator', async () => {
    const made = await newToken(ann, { name: 'revoked' });
    await withToken(made).get('GET /v1/stages');
    expect(await bob.refusal(`DELETE /v1/tokens/${made.id}`)).toMatchObject(NO_TOKEN);
    await ann.done(`DELETE /v1/tokens/${made.id}`);
    expect(await withToken(made).refusal('GET /v1/stages')).toMatchObject({
      status: 401,
      code: 5100,
      kind: 'UnknownApiToken',
    });
    expect(await ann.refusal(`DELETE /v1/tokens/${made.id}`)).toMatchObject(NO_TOKEN);
  });

  it('ends when it expires, and with its user', async () => {
    const short = await newToken(ann, { name: 'short', expires_in_seconds: 1 });
    await delay(1000);
    expect(await withToken(short).refusal('GET /v1/stages')).toMatchObject({ kind: 'ApiTokenExpired' });
    await ann.done(`DELETE /v1/tokens/${short.id}`);
    const dan = await newPerson(testApp, 'dan');
    const made = await newToken(dan, { name: 'of dan' });
    await root.get('PATCH /v1/users/dan', { disabled: true });
    expect(await withToken(made).refusal('GET /v1/stages')).toMatchObject({ kind: 'UserDisabled' });
    await root.done('DELETE /v1/users/dan');
    await newPerson(testApp, 'dan');
    expect(await withToken(made).refusal('GET /v1/stages')).toMatchObject({ kind: 'UnknownApiToken' });
  });
});

describe('tokens of another user', () => {
  it('are shown and revoked by an administrator', async () => {
    const one = await newToken(bob, { name: 'one' });
    const two = await newToken(bob, { name: 'two' });
    expect(await tokenNames(root, 'GET /v1/users/bob/tokens')).toEqual(['one', 'two']);
    await root.done(`DELETE /v1/users/bob/tokens/${one.id}`);
    expect(await withToken(one).refusal('GET /v1/stages')).toMatchObject({ kind: 'UnknownApiToken' });
    await withToken(two).get('GET /v1/stages');
    await root.done('DELETE /v1/users/bob/tokens');
    await root.done('DELETE /v1/users/bob/tokens');
    expect(await withToken(two).refusal('GET /v1/stages')).toMatchObject({ kind: 'UnknownApiToken' });
  });

  it('are denied to others, and hidden or unknown otherwise', async () => {
    const { id } = await newToken(ann, { name: 'mine' });
    const lines = [
      'GET /v1/users/ann/tokens',
      'DELETE /v1/users/ann/tokens',
      `DELETE /v1/users/ann/tokens/${id}`,
    ];
    for (const line of lines) {
      expect(await ann.refusal(line)).toMatchObject(DENIED);
      expect(await bob.refusal(line)).toMatchObject(NO_USER);
      expect(await root.refusal(line.replace('ann', 'nobody'))).toMatchObject(NO_USER);
    }
    expect(await root.refusal(`DELETE /v1/users/bob/tokens/${id}`)).toMatchObject(NO_TOKEN);
    expect(await tokenNames(ann)).toEqual(['mine']);
  });
});
