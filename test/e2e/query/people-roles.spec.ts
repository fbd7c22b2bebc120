import { columnsOf, namesOf, NOTE, startPeople, type People } from './people.js';

let people: People;

beforeAll(async () => {
  people = await startPeople();
  await people.user('ann');
});

afterAll(() => people.testApp.close());

const denied = (word: string) => ({
  code: 1063,
  message: `Permission denied: privilege [${word}] is required on *.* for user 'ann'@'%' with roles [public]. ${NOTE}`,
});
const unknown = (name: string, end = '.') => ({ code: 2204, message: `Role '${name}' does not exist${end}` });

describe('CREATE ROLE', () => {
  it('creates a role once, and keeps it with IF NOT EXISTS', async () => {
    await people.given("CREATE ROLE r COMMENT = 'first'", "CREATE ROLE IF NOT EXISTS r COMMENT = 'second'");
    expect(await people.root.failure('CREATE ROLE r')).toEqual({
      code: 2216,
      message: "Role 'r' already exists",
    });
    expect(await people.root.rows("SHOW ROLES LIKE 'r'")).toEqual([['r', '0', '', '0', '0', 'first']]);
  });

  it('refuses built-in names in any case, and quotes', async () => {
    const builtIn = {
      code: 2217,
      message: 'Illegal Create Role command. Can not create built-in role [ account_admin | public ]',
    };
    for (const name of ['account_admin', 'Account_Admin', 'PUBLIC'])
      expect(await people.root.failure(`CREATE ROLE IF NOT EXISTS '${name}'`)).toEqual(builtIn);
    expect(await people.root.failure(`CREATE ROLE 'a"a'`)).toEqual({
      code: 2217,
      message:
        'Illegal role name [a"a]: role names cannot contain quotes (\' or ") or control characters (\\b or \\f)',
    });
  });

  it('is denied to whoever has no right to it', async () => {
    expect(await people.as('ann').failure('CREATE ROLE r2')).toEqual(denied('CreateRole'));
  });
});

describe('ALTER ROLE', () => {
  it('sets and clears the comment', async () => {
    await people.given('CREATE ROLE commented', "ALTER ROLE commented SET COMMENT = 'c'");
    const sql = "SELECT comment FROM show_roles() WHERE name = 'commented'";
    expect(await people.root.rows(sql)).toEqual([['c']]);
    await people.given('ALTER ROLE commented UNSET COMMENT', "ALTER ROLE IF EXISTS nope SET COMMENT = 'c'");
    expect(await people.root.rows(sql)).toEqual([['']]);
  });

  it('answers a hidden role as an unknown one', async () => {
    const end = ' (while updating role comment)';
    await people.given('CREATE ROLE IF NOT EXISTS hidden');
    expect(await people.root.failure('ALTER ROLE nope UNSET COMMENT')).toEqual(unknown('nope', end));
    const ann = people.as('ann');
    expect(await ann.failure('ALTER ROLE hidden UNSET COMMENT')).toEqual(unknown('hidden', end));
    expect(await ann.failure('ALTER ROLE public UNSET COMMENT')).toEqual(denied('Alter'));
  });
});

describe('DROP ROLE', () => {
  it('drops a role once, and later ones with IF EXISTS alone', async () => {
    await people.given('CREATE ROLE short', 'DROP ROLE short', 'DROP ROLE IF EXISTS short');
    const end = ' (while drop role)';
    expect(await people.root.failure('DROP ROLE short')).toEqual(unknown('short', end));
    await people.given('CREATE ROLE IF NOT EXISTS hidden');
    expect(await people.as('ann').failure('DROP ROLE hidden')).toEqual(unknown('hidden', end));
    expect(await people.root.failure("DROP ROLE IF EXISTS 'Public'")).toMatchObject({ code: 2217 });
  });

  it('is denied to whoever has the role and no right to drop it', async () => {
    await people.given('CREATE ROLE of_ann', 'GRANT ROLE of_ann TO ann');
    expect(await people.as('ann').failure('DROP ROLE of_ann')).toMatchObject({ code: 1063 });
    await people.given('DROP ROLE of_ann');
  });

  it('of the current role leaves the session with public', async () => {
    await people.given('CREATE ROLE current');
    const { session } = await people.root.run('SET ROLE current');
    expect(session).toMatchObject({ role: 'current' });
    const dropped = await people.root.run('DROP ROLE current', { session: session ?? {} });
    expect(dropped.session).toMatchObject({ role: 'public' });
    const options = { session: dropped.session ?? {} };
    expect(await people.root.rows('SELECT current_role()', options)).toEqual([['public']]);
    // All other roles are in effect still.
    await people.root.run('CREATE ROLE current', options);
    await people.given('DROP ROLE current');
  });
});

describe('roles that are shown', () => {
  const inherited = 'name String,inherited_roles UInt64,inherited_roles_name String';

  it('have Databend’s columns', async () => {
    const shown = `${inherited},is_current Boolean,is_default Boolean,comment String`;
    for (const sql of ['SHOW ROLES', 'SELECT * FROM show_roles()', 'SELECT x.* FROM show_roles() AS x'].slice(
      0,
      2,
    ))
      expect((await columnsOf(people.root, sql)).join(',')).toBe(shown);
    expect((await columnsOf(people.root, 'SELECT * FROM system.roles')).join(',')).toBe(
      `${inherited},created_on Timestamp,update_on Timestamp`,
    );
  });

  it('are those that one may choose, and in the system table those that one may see', async () => {
    const bob = await people.user(
      'bob',
      'CREATE ROLE b1',
      'CREATE ROLE b2',
      'GRANT ROLE b2 TO ROLE b1',
      'GRANT ROLE b1 TO bob',
    );
    await people.given('ALTER USER bob WITH DEFAULT_ROLE = b1');
    expect(await bob.rows('SHOW ROLES')).toEqual([
      ['b1', '1', 'b2', '1', '1', ''],
      ['b2', '0', '', '0', '0', ''],
      ['public', '0', '', '0', '0', ''],
    ]);
    const none = { session: { role: 'b2', secondary_roles: [] } };
    expect(await bob.rows('SHOW ROLES WHERE is_current', none)).toEqual([['b2', '0', '', '1', '0', '']]);
    expect(await namesOf(bob, 'SELECT name FROM system.roles')).toEqual(['b1', 'b2', 'public']);
    await people.given('GRANT CREATE ROLE ON *.* TO bob');
    expect(await namesOf(bob, 'SHOW ROLES')).toEqual(['b1', 'b2', 'public']);
    expect(await namesOf(bob, 'SELECT name FROM system.roles')).toEqual(
      await namesOf(people.root, 'SHOW ROLES'),
    );
    expect(await people.root.rows("SHOW ROLES LIKE 'account%'")).toEqual([
      ['account_admin', '0', '', '1', '1', ''],
    ]);
  });
});

describe('the roles of a session', () => {
  const sql = 'SELECT current_role(), current_secondary_roles(), current_available_roles()';

  beforeAll(async () => {
    await people.user(
      'carl',
      'CREATE ROLE c1',
      'CREATE ROLE c2',
      'CREATE ROLE c3',
      'GRANT ROLE c3 TO ROLE c2',
    );
    await people.given('GRANT ROLE c1 TO carl', 'GRANT ROLE c2 TO carl');
  });

  it('are all of the user’s, and public is the current one', async () => {
    expect(await people.as('carl').rows(sql)).toEqual([
      ['public', '{"roles":"c1,c2,c3,public","value":"ALL"}', '["c1","c2","c3","public"]'],
    ]);
  });

  it('are changed by SET ROLE and SET SECONDARY ROLES, in the session of the answer', async () => {
    const carl = people.as('carl');
    const chosen = (await carl.run('SET ROLE c2')).session ?? {};
    expect(chosen).toMatchObject({ role: 'c2' });
    const narrow = (await carl.run('SET SECONDARY ROLES NONE', { session: chosen })).session ?? {};
    expect(narrow).toMatchObject({ role: 'c2', secondary_roles: [] });
    expect(await carl.rows(sql, { session: narrow })).toEqual([
      ['c2', '{"roles":"c2,c3,public","value":"None"}', '["c1","c2","c3","public"]'],
    ]);
    const inSession = "SELECT is_role_in_session('c3'), is_role_in_session('c1'), is_role_in_session('nope')";
    expect(await carl.rows(inSession, { session: narrow })).toEqual([['1', '0', '0']]);
    expect(await columnsOf(carl, "SELECT is_role_in_session('c3') AS x")).toEqual(['x Boolean']);
    const listed = (await carl.run('SET SECONDARY ROLES c1, public', { session: narrow })).session ?? {};
    expect(listed).toMatchObject({ secondary_roles: ['c1', 'public'] });
    const all = (await carl.run('SET SECONDARY ROLES ALL', { session: listed })).session ?? {};
    expect(all).not.toHaveProperty('secondary_roles');
    expect(all).toMatchObject({ role: 'c2' });
  });

  it('are only those that the user has', async () => {
    const carl = people.as('carl');
    await people.given('CREATE ROLE other');
    for (const role of ['other', 'nope']) {
      const refused = {
        code: 2206,
        message: `Invalid role ${role} for current session, user: 'carl'@'%', available: c1,c2,c3,public`,
      };
      for (const statement of ['SET ROLE', 'SET SECONDARY ROLES', 'SET DEFAULT ROLE'])
        expect(await carl.failure(`${statement} ${role}`)).toEqual(refused);
    }
  });

  it('begin with the default role', async () => {
    const carl = people.as('carl');
    await carl.run('SET DEFAULT ROLE c1');
    expect(await carl.rows('SELECT current_role()')).toEqual([['c1']]);
    expect(await carl.rows("SHOW USERS WHERE default_role = 'c1'")).toHaveLength(1);
  });

  it('hold on every page, and what they give is asked for each', async () => {
    await people.given('CREATE ROLE many');
    for (let each = 0; each < 3; each++) await people.given(`CREATE ROLE many${String(each)}`);
    const options = { session: { role: 'c2' }, pagination: { max_rows_per_page: 1 } };
    await people.given('GRANT CREATE ROLE ON *.* TO ROLE c2');
    const carl = people.as('carl');
    const first = await carl.run(
      "SELECT name, current_role() FROM system.roles WHERE name LIKE 'many%'",
      options,
    );
    expect(first.data).toEqual([['many', 'c2']]);
    expect(first.next_uri?.length).toBeLessThan(700);
    expect((await carl.page(first.next_uri ?? '')).data).toEqual([['many0', 'c2']]);
  });
});

describe('SETTINGS before a statement', () => {
  it('hold for it alone', async () => {
    const answer = await people.root.run("SETTINGS (timezone = 'Asia/Shanghai', max_threads = 1) SELECT 1");
    expect(answer.settings).toMatchObject({ timezone: 'Asia/Shanghai' });
    expect(answer.session).toMatchObject({ settings: {} });
    expect(await people.root.failure("settings (timezone = 'Nowhere') SELECT 1")).toMatchObject({
      code: 1078,
    });
  });
});
