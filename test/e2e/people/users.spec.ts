import { basic } from '../support/client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { DENIED, MALFORMED, newPerson, NO_USER, PASSWORD, Rest } from './rest.js';

let testApp: TestApp;
let root: Rest;
let ann: Rest;

beforeAll(async () => {
  testApp = await startTestApp();
  root = new Rest(testApp);
  await root.get('POST /v1/roles', { name: 'lab' }, 201);
  ann = await newPerson(testApp, 'ann', { default_role: 'lab', roles: ['lab'] });
});

afterAll(() => testApp.close());

const ANN = {
  name: 'ann',
  hostname: '%',
  auth_type: 'double_sha1_password',
  default_role: 'lab',
  default_warehouse: '',
  grant_roles: ['lab'],
  disabled: false,
  network_policy: null,
  password_policy: null,
  must_change_password: false,
};
const SIGN_IN = 'POST /v1/session/login';

describe('GET /v1/users', () => {
  it('shows an administrator all users in Databend’s shape, and others themselves', async () => {
    const { users } = await root.get<{ users: { name: string }[] }>('GET /v1/users');
    expect(users.map(({ name }) => name)).toEqual(['ann', 'root']);
    expect(users[0]).toEqual(ANN);
    expect(Object.keys(users[0] ?? {})).toEqual(Object.keys(ANN));
    expect(users[1]).toMatchObject({ auth_type: 'no_password', grant_roles: ['account_admin'] });
    expect(await ann.get('GET /v1/users')).toEqual({ users: [ANN] });
  });

  it('shows one user by its name, and hides it as if it were not there', async () => {
    expect(await root.get('GET /v1/users/ann')).toEqual(ANN);
    expect(await ann.get('GET /v1/users/ann')).toEqual(ANN);
    for (const line of ['GET /v1/users/root', 'GET /v1/users/nobody'])
      expect(await ann.refusal(line)).toMatchObject(NO_USER);
    expect(await root.refusal('GET /v1/users/nobody')).toMatchObject(NO_USER);
  });
});

describe('POST /v1/users', () => {
  it('answers null for a new user, who may sign in', async () => {
    const body = {
      ...{ name: 'ben', hostname: '%', auth_type: 'sha256_password', auth_string: PASSWORD },
      ...{ default_role: 'lab', default_warehouse: 'w', roles: ['lab'], grant_all: false },
      must_change_password: false,
    };
    expect(await root.send('POST /v1/users', body)).toMatchObject({ status: 200, body: null });
    expect(await root.get('GET /v1/users/ben')).toEqual({
      ...ANN,
      ...{ name: 'ben', auth_type: 'sha256_password', default_warehouse: 'w' },
    });
    await new Rest(testApp, basic('ben', PASSWORD)).get(SIGN_IN, {});
  });

  it('changes a user who exists, whose files and roles stay', async () => {
    const eve = await newPerson(testApp, 'eve', { roles: ['lab'] });
    await eve.client.send('/v1/stages/~/files/kept', { method: 'PUT', body: 'content' });
    await root.get('POST /v1/roles', { name: 'second' }, 201);
    await root.get('POST /v1/users', { name: 'eve', auth_string: 'another one', roles: ['second'] });
    expect((await eve.send(SIGN_IN, {})).status).toBe(401);
    const renewed = new Rest(testApp, basic('eve', 'another one'));
    expect(await renewed.client.names('~')).toEqual(['kept']);
    expect(await renewed.get('GET /v1/users/eve')).toMatchObject({ grant_roles: ['lab', 'second'] });
    await root.get('POST /v1/users', { name: 'eve', default_warehouse: 'w' });
    expect(await renewed.get('GET /v1/users/eve')).toMatchObject({ default_warehouse: 'w' });
  });

  it('gives every privilege on the service with grant_all', async () => {
    const max = await newPerson(testApp, 'max', { grant_all: true });
    await max.get('POST /v1/users', { name: 'made by max', auth_string: PASSWORD });
    expect(await max.refusal('PATCH /v1/users/root', { disabled: true })).toMatchObject(DENIED);
  });

  it.each<[what: string, body: unknown, refusal: object, message?: RegExp]>([
    ['no name', {}, MALFORMED, /name: is missing/],
    ['another host', { name: 'x', hostname: 'localhost' }, MALFORMED, /hostname: must be %/],
    [
      'a type that is none',
      { name: 'x', auth_type: 'jwt' },
      MALFORMED,
      /auth_type: must be one of no_password/,
    ],
    ['a field that is unknown', { name: 'x', password: 'y' }, MALFORMED, /password is unknown here/],
    ['no password', { name: 'x' }, { status: 400, code: 5100, kind: 'PasswordNeeded' }],
    ['a short password', { name: 'x', auth_string: 'short' }, { status: 400, code: 2215 }],
    ['a bad name', { name: 'a:b', auth_string: PASSWORD }, { status: 400, code: 2218 }],
    [
      'the name of root',
      { name: 'root', auth_string: PASSWORD },
      { status: 403, code: 2202, kind: 'BuiltInUser' },
    ],
    [
      'a role that is unknown',
      { name: 'x', auth_string: PASSWORD, roles: ['nope'] },
      { status: 404, code: 2204 },
    ],
  ])('refuses %s', async (_what, body, refusal, message = /./) => {
    const answer = await root.refusal('POST /v1/users', body);
    expect(answer).toMatchObject(refusal);
    expect(answer.message).toMatch(message);
    expect(await root.refusal('GET /v1/users/x')).toMatchObject(NO_USER);
  });

  it('is denied to who may not create users, and to give what one does not have', async () => {
    expect(await ann.refusal('POST /v1/users', { name: 'x', auth_string: PASSWORD })).toMatchObject(DENIED);
    await root.get('POST /v1/users', { name: 'max', auth_string: PASSWORD, grant_all: true });
    const max = new Rest(testApp, basic('max', PASSWORD));
    const asAdministrator = { name: 'x', auth_string: PASSWORD, roles: ['account_admin'] };
    expect(await max.refusal('POST /v1/users', asAdministrator)).toMatchObject(DENIED);
    expect(await max.refusal('POST /v1/users', { name: 'root', auth_string: PASSWORD })).toMatchObject({
      code: 2202,
    });
  });
});

describe('PATCH /v1/users/{name}', () => {
  it('changes what it names, and shows the user', async () => {
    await newPerson(testApp, 'pat');
    const change = { default_role: 'lab', default_warehouse: 'w', must_change_password: true };
    expect(await root.get('PATCH /v1/users/pat', change)).toMatchObject({ name: 'pat', ...change });
    expect(await root.get('PATCH /v1/users/pat', { default_role: '' })).toMatchObject({
      ...change,
      default_role: '',
    });
  });

  it('shuts a user out, and lets it in again', async () => {
    const dan = await newPerson(testApp, 'dan');
    await dan.get(SIGN_IN, {});
    await root.get('PATCH /v1/users/dan', { disabled: true });
    expect(await dan.refusal('GET /v1/users')).toMatchObject({ status: 401, kind: 'UserDisabled' });
    await root.get('PATCH /v1/users/dan', { disabled: false });
    await dan.get('GET /v1/users');
  });

  it('gives a password to a user who had none', async () => {
    await root.get('POST /v1/users', { name: 'open', auth_type: 'no_password' });
    expect(await root.get('GET /v1/users/open')).toMatchObject({ auth_type: 'no_password' });
    await new Rest(testApp, basic('open', '')).get(SIGN_IN, {});
    expect(await root.get('PATCH /v1/users/open', { password: PASSWORD })).toMatchObject({
      auth_type: 'double_sha1_password',
    });
    expect((await new Rest(testApp, basic('open', '')).send(SIGN_IN, {})).status).toBe(401);
    await new Rest(testApp, basic('open', PASSWORD)).get(SIGN_IN, {});
  });

  it('is denied for others, hidden for who may not see them, and refused when it changes nothing', async () => {
    expect(await ann.refusal('PATCH /v1/users/ann', { disabled: false })).toMatchObject(DENIED);
    expect(await ann.refusal('PATCH /v1/users/root', { disabled: true })).toMatchObject(NO_USER);
    for (const body of [{}, { password: null }, { name: 'x' }, undefined])
      expect(await root.refusal('PATCH /v1/users/ann', body)).toMatchObject(MALFORMED);
    expect(await root.refusal('PATCH /v1/users/root', { default_role: 'lab' })).toMatchObject({
      status: 403,
      code: 2218,
      kind: 'BuiltInUser',
    });
  });
});

describe('PUT /v1/password', () => {
  it('changes one’s own password, and ends its sessions', async () => {
    const zoe = await newPerson(testApp, 'zoe', { must_change_password: true });
    expect(await zoe.refusal('GET /v1/users')).toMatchObject({ code: 1066, kind: 'PasswordChangeRequired' });
    const { tokens } = await zoe.get<{ tokens: { session_token: string } }>(SIGN_IN, {});
    const same = { code: 2215, kind: 'InvalidPassword' };
    expect(await zoe.refusal('PUT /v1/password', { password: PASSWORD })).toMatchObject(same);
    await zoe.done('PUT /v1/password', { password: 'my own choice' });
    const bearer = new Rest(testApp, `Bearer ${tokens.session_token}`);
    expect(await bearer.refusal('GET /v1/users')).toMatchObject({ status: 401, code: 5103 });
    const renewed = new Rest(testApp, basic('zoe', 'my own choice'));
    expect(await renewed.get('GET /v1/users/zoe')).toMatchObject({ must_change_password: false });
  });

  it('is refused for root, and where the password is missing or too short', async () => {
    expect(await root.refusal('PUT /v1/password', { password: PASSWORD })).toMatchObject({ code: 2218 });
    expect(await ann.refusal('PUT /v1/password', {})).toMatchObject(MALFORMED);
    expect(await ann.refusal('PUT /v1/password', { password: '' })).toMatchObject({ code: 2215 });
  });
});

describe('DELETE /v1/users/{name}', () => {
  it('drops a user, who is out at once', async () => {
    const out = await newPerson(testApp, 'out');
    await root.done('DELETE /v1/users/out');
    expect((await out.send('GET /v1/users')).status).toBe(401);
    expect(await root.refusal('DELETE /v1/users/out')).toMatchObject(NO_USER);
  });

  it('asks what becomes of files, and removes them or gives them to another user', async () => {
    for (const [query, heir] of [
      ['?files=remove', []],
      ['?files=give&to=ann', [expect.stringMatching(/^of-full-\w{8}\/f$/)]],
    ] as const) {
      const full = await newPerson(testApp, 'full');
      await full.client.send('/v1/stages/~/files/f', { method: 'PUT', body: 'content' });
      expect(await root.refusal('DELETE /v1/users/full')).toMatchObject({
        status: 409,
        kind: 'UserHasFiles',
      });
      await root.done(`DELETE /v1/users/full${query}`);
      expect(await ann.client.names('~')).toEqual(heir);
      expect(await (await newPerson(testApp, 'full')).client.names('~')).toEqual([]);
    }
  });

  it('is denied, hidden or malformed', async () => {
    expect(await ann.refusal('DELETE /v1/users/ann')).toMatchObject(DENIED);
    expect(await ann.refusal('DELETE /v1/users/max')).toMatchObject(NO_USER);
    expect(await root.refusal('DELETE /v1/users/root')).toMatchObject({ kind: 'BuiltInUser' });
    for (const query of ['?files=keep', '?files=give', '?to=ann', '?files=remove&to=ann', '?x=1'])
      expect(await root.refusal(`DELETE /v1/users/ann${query}`)).toMatchObject(MALFORMED);
    expect(await root.refusal('DELETE /v1/users/ann?files=give&to=nobody')).toMatchObject({
      status: 400,
      kind: 'InvalidUserOption',
    });
    await root.get('GET /v1/users/ann');
  });
});

describe('the last administrator', () => {
  const LAST = { status: 409, kind: 'LastAdministrator' };

  it('can be neither disabled nor dropped, nor lose the role', async () => {
    expect(await root.refusal('PATCH /v1/users/root', { disabled: true })).toMatchObject(LAST);
    const adm = await newPerson(testApp, 'adm', { roles: ['account_admin'], default_role: 'account_admin' });
    expect(await adm.get('PATCH /v1/users/root', { disabled: true })).toMatchObject({ disabled: true });
    expect(await adm.refusal('DELETE /v1/users/adm')).toMatchObject(LAST);
    expect(await adm.refusal('PATCH /v1/users/adm', { disabled: true })).toMatchObject(LAST);
    expect(await adm.refusal('POST /v1/users', { name: 'adm', disabled: true })).toMatchObject(LAST);
    expect(await adm.refusal('DELETE /v1/roles/account_admin/members/users/adm')).toMatchObject(LAST);
    await adm.get('PATCH /v1/users/root', { disabled: false });
  });

  it('is left by two who disable each other at once', async () => {
    for (let round = 0; round < 5; round++) {
      const [a, b] = ['x1', 'x2'];
      const administrators = { roles: ['account_admin'] };
      const first = await newPerson(testApp, a, administrators);
      const second = await newPerson(testApp, b, administrators);
      await first.get('PATCH /v1/users/adm', { disabled: true });
      await first.get('PATCH /v1/users/root', { disabled: true });
      const answers = await Promise.all([
        first.send(`PATCH /v1/users/${b}`, { disabled: true }),
        second.send(`PATCH /v1/users/${a}`, { disabled: true }),
      ]);
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      const left = answers[0].status === 200 ? first : second;
      for (const name of ['root', 'adm', a, b])
        await left.get(`PATCH /v1/users/${name}`, { disabled: false });
    }
  });
});
