import { basic, Client } from '../support/client.js';
import { columnsOf, namesOf, NOTE, startPeople, type People } from './people.js';
import { SqlClient } from '../support/sql-client.js';

let people: People;

beforeAll(async () => {
  people = await startPeople();
  await people.user('ann');
});

afterAll(() => people.testApp.close());

const unknown = (name: string) => ({ code: 2201, message: `User '${name}'@'%' does not exist.` });
const denied = (word: string) => ({
  code: 1063,
  message: `Permission denied: privilege [${word}] is required on *.* for user 'ann'@'%' with roles [public]. ${NOTE}`,
});

describe('CREATE USER', () => {
  it('lets a user in who was not there', async () => {
    const bob = await people.user('bob');
    expect(await bob.rows('SELECT current_user(), currentuser(), user()')).toEqual([
      ["'bob'@'%'", "'bob'@'%'", "'bob'@'%'"],
    ]);
  });

  it('refuses a name that is taken, unless IF NOT EXISTS or OR REPLACE is said', async () => {
    await people.user('carl');
    const taken = { code: 2202, message: "User 'carl'@'%' already exists." };
    expect(await people.root.failure("CREATE USER 'carl'@'%' IDENTIFIED BY 'another1'")).toEqual(taken);
    await people.given("CREATE USER IF NOT EXISTS carl IDENTIFIED BY 'another1'");
    await people.as('carl').run('SELECT 1');
    await people.given('CREATE ROLE of_carl', 'GRANT ROLE of_carl TO carl');
    await people.given("CREATE OR REPLACE USER carl IDENTIFIED BY 'another1'");
    expect((await people.as('carl').post('SELECT 1')).status).toBe(401);
    const [row] = await people.root.rows('DESC USER carl');
    expect(row?.[5]).toBe('');
  });

  it('keeps a default role that does not exist, and a default warehouse', async () => {
    await people.given(
      "CREATE USER dora IDENTIFIED BY 'dora-secret' WITH DEFAULT_ROLE = later, DEFAULT_WAREHOUSE = 'w', DISABLED = false",
    );
    expect(await people.root.rows('DESC USER dora')).toEqual([
      ['dora', '%', 'double_sha1_password', 'later', 'w', '', '0', null, null, null, null, null],
    ]);
    expect(await people.as('dora').rows('SELECT current_role()')).toEqual([['public']]);
  });

  it('refuses root, names with quotes, and short passwords', async () => {
    expect(await people.root.failure("CREATE USER root IDENTIFIED BY 'long enough'")).toEqual({
      code: 2202,
      message: 'Same name with configured user `root`',
    });
    expect(await people.root.failure("CREATE USER `a\"a` IDENTIFIED BY 'long enough'")).toEqual({
      code: 2218,
      message: 'Illegal Username: Illegal user name [a"a], not support username contain \' or " \\b or \\f',
    });
    expect(await people.root.failure("CREATE USER eve IDENTIFIED BY 'short'")).toEqual({
      code: 2215,
      message: 'Invalid password: expect length range 8 to 256, but got 5',
    });
    expect(await people.root.failure('CREATE USER eve IDENTIFIED WITH sha256_password')).toEqual({
      code: 5100,
      message: 'need password',
    });
  });

  it('is denied to whoever has no right to it', async () => {
    const ann = people.as('ann');
    expect(await ann.failure("CREATE USER eve IDENTIFIED BY 'long enough'")).toEqual(denied('CreateUser'));
    await people.given('GRANT CREATE USER ON *.* TO ann');
    await ann.run("CREATE USER by_ann IDENTIFIED BY 'long enough'");
    await people.given('REVOKE CREATE USER ON *.* FROM ann');
  });
});

describe('ALTER USER', () => {
  it('changes what it names, and ends sessions with the password', async () => {
    await people.user('fred');
    await people.given("ALTER USER fred WITH DISABLED = true, DEFAULT_ROLE = 'r'");
    expect((await people.as('fred').post('SELECT 1')).status).toBe(401);
    await people.given('ALTER USER fred WITH DISABLED = false');
    expect(await people.as('fred').rows('SELECT 1')).toEqual([['1']]);
    await people.given("ALTER USER fred IDENTIFIED BY 'another-secret'");
    expect((await people.as('fred').post('SELECT 1')).status).toBe(401);
  });

  it('moves update_on', async () => {
    await people.user('gina');
    const same = "SELECT created_on = update_on FROM system.users WHERE name = 'gina'";
    expect(await people.root.rows(same)).toEqual([['1']]);
    await people.given("ALTER USER gina WITH DEFAULT_ROLE = 'r'");
    expect(await people.root.rows(same)).toEqual([['0']]);
  });

  it('changes the own password without a right, and nothing else', async () => {
    const hans = await people.user('hans');
    expect(await hans.failure('ALTER USER hans WITH DISABLED = false')).toMatchObject({ code: 1063 });
    expect(
      await hans.failure("ALTER USER USER() IDENTIFIED BY 'n3w-secret' WITH DEFAULT_ROLE = r"),
    ).toMatchObject({
      code: 1063,
    });
    await hans.run("ALTER USER USER() IDENTIFIED BY 'n3w-secret'");
    await new SqlClient(new Client(people.testApp, basic('hans', 'n3w-secret'))).run(
      "ALTER USER 'hans' IDENTIFIED BY 'hans-secret'",
    );
    await hans.run('SELECT 1');
  });

  it('answers a hidden user as an unknown one, and refuses root', async () => {
    const ann = people.as('ann');
    for (const name of ['nobody', 'bob'])
      expect(await ann.failure(`ALTER USER ${name} IDENTIFIED BY 'long enough'`)).toEqual(unknown(name));
    expect(await people.root.failure('ALTER USER nobody WITH DISABLED = true')).toEqual(unknown('nobody'));
    expect(await people.root.failure("ALTER USER root IDENTIFIED BY 'long enough'")).toMatchObject({
      code: 2218,
    });
  });

  it('gives a password to a user that had none', async () => {
    await people.given(
      'CREATE USER ida IDENTIFIED WITH no_password',
      "ALTER USER ida IDENTIFIED BY 'ida-secret'",
    );
    await people.as('ida').run('SELECT 1');
    expect((await new Client(people.testApp, basic('ida', '')).send('/v1/stages')).status).toBe(401);
  });
});

describe('a user who must change the password', () => {
  const required = { code: 1066, message: expect.stringMatching(/^Must change password before/) as string };

  it('may do nothing else, and everything afterwards', async () => {
    const jim = await people.user('jim', 'ALTER USER jim WITH MUST_CHANGE_PASSWORD = true');
    const [shown] = await people.root.rows(
      "SELECT must_change_password FROM system.users WHERE name = 'jim'",
    );
    expect(shown).toEqual(['1']);
    const statements = `SELECT 1;SHOW USERS;DESC USER jim;DROP USER jim;SHOW ROLES;SHOW GRANTS;SET ROLE public;LIST @~;
      LIST @s;DROP STAGE s;SHOW STAGES;GRANT READ ON STAGE s TO jim;GRANT ROLE r TO jim;DROP ROLE r;ALTER ROLE r UNSET COMMENT;
      ALTER USER jim WITH DISABLED = false;ALTER USER nobody IDENTIFIED BY 'long enough';CREATE TABLE t (a INT)`;
    for (const sql of statements.split(/;\s*/))
      expect({ sql, ...(await jim.failure(sql)) }).toEqual({ sql, ...required });
    expect(await jim.failure('ALTER USER USER() IDENTIFIED WITH no_password')).toMatchObject({ code: 5100 });
    const same = await jim.failure("ALTER USER USER() IDENTIFIED BY 'jim-secret'");
    expect(same).toEqual({ code: 2215, message: 'Invalid password: the new password must be another one' });
    expect(await jim.failure('SHOW USERS')).toEqual(required);
    await jim.run("ALTER USER USER() IDENTIFIED BY 'chosen by jim'");
    await new SqlClient(new Client(people.testApp, basic('jim', 'chosen by jim'))).run('SHOW USERS');
  });
});

describe('DROP USER', () => {
  it('drops a user once, and later ones with IF EXISTS alone', async () => {
    await people.user('kim');
    await people.given('DROP USER kim', 'DROP USER IF EXISTS kim');
    expect(await people.root.failure('DROP USER kim')).toEqual(unknown('kim'));
    expect((await people.as('kim').post('SELECT 1')).status).toBe(401);
  });

  it('is refused while files are in ~, until something is said of them', async () => {
    await people.user('lea');
    const files = new Client(people.testApp, basic('lea', 'lea-secret'));
    const put = await files.send('/v1/stages/~/files/f.csv', { method: 'PUT', body: 'content' });
    expect(put.status).toBe(201);
    expect(await people.root.failure('DROP USER lea')).toMatchObject({ code: 2202 });
    for (const heir of ['lea', 'nobody']) {
      const refused = await people.root.failure(`DROP USER IF EXISTS lea GIVE FILES TO ${heir}`);
      expect(refused).toMatchObject({ code: 1006 });
    }
    await people.given('DROP USER lea GIVE FILES TO ann');
    const [name] = await namesOf(people.as('ann'), 'LIST @~');
    expect(name).toMatch(/^of-lea-.*\/f\.csv$/);
  });

  it('is denied, and hidden', async () => {
    const ann = people.as('ann');
    expect(await ann.failure('DROP USER bob')).toEqual(unknown('bob'));
    expect(await ann.failure('DROP USER ann')).toEqual(denied('DropUser'));
    await ann.run('DROP USER IF EXISTS bob');
    await people.as('bob').run('SELECT 1');
    expect(await people.root.failure('DROP USER root')).toMatchObject({ code: 2202 });
  });
});

describe('users that are shown', () => {
  const shown =
    'name String,hostname String,auth_type String,is_configured String,default_role String,default_warehouse String,roles String,' +
    'disabled Boolean,network_policy Nullable(String),password_policy Nullable(String),must_change_password Nullable(Boolean)';

  it('have Databend’s columns', async () => {
    const { root } = people;
    expect((await columnsOf(root, 'SHOW USERS')).join(',')).toBe(shown);
    expect((await columnsOf(root, 'DESC USER root')).join(',')).toBe(
      `${shown.replace('is_configured String,', '')},workload_group Nullable(String),public_keys Nullable(UInt64)`,
    );
    expect((await columnsOf(root, 'SELECT * FROM system.users')).join(',')).toBe(
      'name String,hostname String,auth_type String,default_role String,default_warehouse String,is_configured String,' +
        'disabled Boolean,roles String,network_policy Nullable(String),password_policy Nullable(String),' +
        'must_change_password Nullable(Boolean),created_on Nullable(Timestamp),update_on Nullable(Timestamp),' +
        'workload_groups Nullable(String)',
    );
  });

  it('are root as Databend shows a configured user, and others with their roles', async () => {
    await people.user(
      'mia',
      'CREATE ROLE m2',
      'CREATE ROLE m1',
      'GRANT ROLE m2 TO mia',
      'GRANT ROLE m1 TO mia',
    );
    expect(await people.root.rows("SHOW USERS WHERE name IN ('root', 'mia')")).toEqual([
      ['mia', '%', 'double_sha1_password', 'NO', '', '', 'm1, m2', '0', null, null, null],
      ['root', '%', 'no_password', 'YES', 'account_admin', '', 'account_admin', '0', null, null, null],
    ]);
    expect(await namesOf(people.root, "SHOW USERS LIKE 'MI%'")).toEqual(['mia']);
    expect(await namesOf(people.root, 'SHOW USERS LIMIT 1')).toEqual(['ann']);
    expect(await people.root.failure('DESC USER nobody')).toEqual(unknown('nobody'));
  });

  it('are oneself alone, unless one may change users', async () => {
    const ann = people.as('ann');
    expect(await namesOf(ann, 'SHOW USERS')).toEqual(['ann']);
    expect(await ann.rows('SELECT count(*), max(name) FROM system.users')).toEqual([['1', 'ann']]);
    expect(await ann.failure('DESC USER root')).toEqual(unknown('root'));
    expect(await namesOf(ann, 'DESC USER ann')).toEqual(['ann']);
    await people.given('GRANT ALTER ON *.* TO ann');
    expect(await namesOf(ann, 'SHOW USERS')).toEqual(expect.arrayContaining(['ann', 'root']));
    await people.given('REVOKE ALTER ON *.* FROM ann');
  });
});

describe('a password in a statement', () => {
  it('is in no log, answer, cursor or record', async () => {
    const secret = 'pässw0rd-of-nina';
    const { root, testApp } = people;
    const answers = [
      await root.run(`CREATE USER nina IDENTIFIED BY '${secret}'`),
      await root.answer(`CREATE USER nina IDENTIFIED BY '${secret}'`),
      await root.answer(`ALTER USER nobody IDENTIFIED BY '${secret}'`),
      await root.answer(`ALTER USER nina IDENTIFIED BY '${secret}' WITH NOPE`),
      await root.answer(`SETTINGS (a = 1) ALTER USER nina IDENTIFIED BY '${secret}' oops`),
      await root.run(`ALTER USER nina IDENTIFIED BY '${secret}'`),
    ];
    expect(JSON.stringify(answers)).not.toContain('0rd-of-nina');
    expect(testApp.logs()).not.toContain('0rd-of-nina');
  });
});
