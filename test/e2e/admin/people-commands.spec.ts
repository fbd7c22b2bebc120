import { command, commandWithInput, type Outcome } from '../support/admin-command.js';
import { basic } from '../support/client.js';
import { startTestApp, type TestApp } from '../support/test-app.js';
import { PASSWORD, Rest } from '../people/rest.js';

let testApp: TestApp;
let root: Rest;

/** A server runs all the time: the commands are for when nobody can log in to it. */
beforeAll(async () => {
  testApp = await startTestApp({ ROOT_PASSWORD: 'root of the settings' });
  root = new Rest(testApp, basic('root', 'root of the settings'));
  await root.get('POST /v1/roles', { name: 'lab' }, 201);
  await root.get('POST /v1/roles', { name: 'second' }, 201);
});

afterAll(() => testApp.close());

const SIGN_IN = 'POST /v1/session/login';
const MADE = /^password: ([A-Za-z2-9]{24})$/m;

function run(...args: string[]): Promise<Outcome> {
  return command({ DATA_DIR: testApp.dataDir }, ...args);
}

function runWith(line: string, ...args: string[]): Promise<Outcome> {
  return commandWithInput(line, { DATA_DIR: testApp.dataDir }, ...args);
}

function madePassword({ output }: Outcome): string {
  return MADE.exec(output)?.[1] ?? '';
}

function signIn(name: string, password: string): Promise<Rest> {
  const rest = new Rest(testApp, basic(name, password));
  return rest.get(SIGN_IN, {}).then(() => rest);
}

describe('create-user', () => {
  it('makes a password that is shown once, and must be changed', async () => {
    const outcome = await run('create-user', 'ann', '--role', 'lab', '--role', 'second');
    const password = madePassword(outcome);
    expect(outcome).toEqual({
      code: 0,
      output:
        `created the user ann, with lab, second\npassword: ${password}\nIt is shown this once.\n` +
        "Its user must choose another one first, by PUT /v1/password or ALTER USER USER() IDENTIFIED BY '…'.\n",
      errors: '',
    });
    const ann = await signIn('ann', password);
    expect(await ann.refusal('GET /v1/stages')).toMatchObject({ kind: 'PasswordChangeRequired' });
    await ann.done('PUT /v1/password', { password: PASSWORD });
    expect(await (await signIn('ann', PASSWORD)).get('GET /v1/users')).toMatchObject({
      users: [{ name: 'ann', default_role: 'lab', grant_roles: ['lab', 'second'] }],
    });
  });

  it('takes a password as a line of the input, or keeps the one that it makes', async () => {
    expect(await runWith(PASSWORD, 'create-user', 'ben')).toEqual({
      code: 0,
      output: 'created the user ben, without a role\n',
      errors: '',
    });
    await (await signIn('ben', PASSWORD)).get('GET /v1/stages');
    const kept = await run('create-user', 'kim', '--keep');
    await (await signIn('kim', madePassword(kept))).get('GET /v1/stages');
  });

  it('makes an administrator', async () => {
    await runWith(PASSWORD, 'create-user', 'ada', '--admin');
    const ada = await signIn('ada', PASSWORD);
    expect(await ada.get('GET /v1/users/ada')).toMatchObject({ default_role: 'account_admin' });
    await ada.get('POST /v1/stages', { name: 'of_ada' }, 201);
  });

  it.each<[args: string[], code: number, errors: RegExp]>([
    [['ann'], 1, /^User 'ann'@'%' already exists\.$/],
    [['root'], 1, /^Same name with configured user `root`$/],
    [['x', '--role', 'nope'], 1, /^Role 'nope' does not exist\.$/],
    [['a:b'], 1, /^User name "a:b" cannot be used/],
    [[], 2, /^Write: npm run admin -- create-user <name> \[--admin\] \[--role <role>\]… \[--keep\]$/],
    [['x', 'y'], 2, /^Write: /],
    [['x', '--role'], 2, /^Write: /],
    [['x', '--root'], 2, /^Write: /],
    [['x', '--admin=yes'], 2, /^Write: /],
  ])('fails for %j with %d', async (args, code, errors) => {
    expect(await run('create-user', ...args)).toEqual({
      code,
      output: '',
      errors: expect.stringMatching(errors) as string,
    });
  });

  it('refuses a short password', async () => {
    expect(await runWith('short', 'create-user', 'x')).toMatchObject({
      code: 1,
      output: '',
      errors: 'Invalid password: expect length range 8 to 256, but got 5',
    });
  });
});

describe('reset-password', () => {
  it('gives a user another password, and ends its sessions', async () => {
    const pat = await newUser('pat');
    const { tokens } = await pat.get<{ tokens: { session_token: string } }>(SIGN_IN, {});
    const outcome = await run('reset-password', 'pat');
    expect(outcome).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^pat has another password/) as string,
    });
    expect((await pat.send(SIGN_IN, {})).status).toBe(401);
    const bearer = new Rest(testApp, `Bearer ${tokens.session_token}`);
    expect((await bearer.send('GET /v1/stages')).status).toBe(401);
    const renewed = await signIn('pat', madePassword(outcome));
    expect(await renewed.refusal('GET /v1/stages')).toMatchObject({ kind: 'PasswordChangeRequired' });
    await runWith('another one', 'reset-password', 'pat');
    await (await signIn('pat', 'another one')).get('GET /v1/stages');
  });

  it('says that the user is disabled', async () => {
    await newUser('dis');
    await root.get('PATCH /v1/users/dis', { disabled: true });
    expect((await runWith(PASSWORD, 'reset-password', 'dis')).output).toMatch(
      /^dis is disabled: an administrator/m,
    );
  });

  it('gives root another password, until a server starts with ROOT_PASSWORD', async () => {
    const settings = { DATA_DIR: testApp.dataDir, ROOT_PASSWORD: 'root of the settings' };
    const outcome = await commandWithInput('root by the command', settings, 'reset-password', 'root');
    expect(outcome.code).toBe(0);
    expect(outcome.output).toMatch(/^ROOT_PASSWORD is set, and wins at the next start of a server/m);
    // A command with the setting leaves the password as it is.
    expect((await command(settings, 'list-users')).code).toBe(0);
    await (await signIn('root', 'root by the command')).get('GET /v1/stages');
    expect((await root.send(SIGN_IN, {})).status).toBe(401);
    const silent = await commandWithInput(
      'root of the settings',
      { DATA_DIR: testApp.dataDir },
      'reset-password',
      'root',
    );
    expect(silent.output).not.toContain('ROOT_PASSWORD');
    await root.get('GET /v1/stages');
    const made = await run('reset-password', 'root');
    await (await signIn('root', madePassword(made))).get('GET /v1/stages');
    await runWith('root of the settings', 'reset-password', 'root');
  });

  it('fails for a user that does not exist, and for a short password, of root too', async () => {
    expect(await run('reset-password', 'nobody')).toMatchObject({
      code: 1,
      errors: "User 'nobody'@'%' does not exist.",
    });
    for (const name of ['ann', 'root']) {
      expect(await runWith('short', 'reset-password', name)).toMatchObject({
        code: 1,
        errors: expect.stringMatching(/^Invalid password/) as string,
      });
    }
    expect(await run('reset-password')).toMatchObject({ code: 2 });
  });
});

describe('grant', () => {
  it('grants a role to a user', async () => {
    await newUser('gil');
    expect(await run('grant', 'lab', 'gil')).toEqual({
      code: 0,
      output: 'gil has the role lab\n',
      errors: '',
    });
    expect(await root.get('GET /v1/users/gil')).toMatchObject({ grant_roles: ['lab'] });
    expect(await run('grant', 'nope', 'gil')).toMatchObject({
      code: 1,
      errors: "Role 'nope' does not exist.",
    });
    expect(await run('grant', 'lab', 'nobody')).toMatchObject({ code: 1 });
    expect(await run('grant', 'lab')).toMatchObject({ code: 2 });
  });
});

describe('list-users', () => {
  it('shows all users, their roles, and who cannot sign in', async () => {
    await newUser('lin', { roles: ['lab', 'second'], must_change_password: true });
    await root.get('PATCH /v1/users/lin', { disabled: true });
    const { code, output } = await run('list-users');
    expect(code).toBe(0);
    const lines = output.split('\n').map((line) => line.replaceAll(/ {2,}/g, '|'));
    expect(lines[0]).toBe('user|roles|state');
    expect(lines).toEqual(
      expect.arrayContaining([
        'lin|lab, second|disabled, must change the password',
        'root|account_admin',
      ]) as string[],
    );
    expect(await run('list-users', 'x')).toMatchObject({ code: 2 });
  });
});

describe('revoke-tokens', () => {
  it('ends all tokens of a user, at once', async () => {
    const tom = await newUser('tom');
    const made = await Promise.all(
      ['a', 'b'].map((name) => tom.get<{ token: string }>('POST /v1/tokens', { name }, 201)),
    );
    expect(await run('revoke-tokens', 'tom')).toEqual({
      code: 0,
      output: 'ended 2 API tokens of tom\n',
      errors: '',
    });
    for (const { token } of made)
      expect((await new Rest(testApp, `Bearer ${token}`).send('GET /v1/stages')).status).toBe(401);
    expect((await run('revoke-tokens', 'tom')).output).toBe('tom has no API tokens: nothing to do.\n');
    expect(await run('revoke-tokens', 'nobody')).toMatchObject({ code: 1 });
  });
});

/** Not of `rest.ts`: root has a password here. */
async function newUser(name: string, fields: object = {}): Promise<Rest> {
  await root.get('POST /v1/users', { name, auth_string: PASSWORD, ...fields });
  return new Rest(testApp, basic(name, PASSWORD));
}
