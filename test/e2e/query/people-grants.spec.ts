import { columnsOf, NOTE, startPeople, type People } from './people.js';
import type { SqlClient } from '../support/sql-client.js';

let people: People;

beforeAll(async () => {
  people = await startPeople();
  await people.user('ann');
  await people.given(
    'CREATE STAGE s',
    'CREATE STAGE other',
    'CREATE ROLE r',
    'CREATE ROLE q',
    'GRANT ROLE q TO ROLE r',
  );
  await people.given("CREATE CONNECTION c STORAGE_TYPE = 's3' access_key_id = 'a' secret_access_key = 'b'");
});

afterAll(() => people.testApp.close());

/** The cells that differ: privileges, object, to whom, and the text. */
async function grants(client: SqlClient, sql: string, options?: object): Promise<string[]> {
  const rows = await client.rows(sql, options);
  return rows.map(([privileges, object, id, to, name, text]) => {
    expect(id).toBeNull();
    return [privileges, object, to, name, text].join('|');
  });
}

const hiddenStage = { code: 2501, message: 'stage s not exists' };

describe('GRANT and REVOKE on a stage', () => {
  it('give and take Read and Write, of a user or a role', async () => {
    const bob = await people.user('bob');
    expect(await bob.failure('LIST @s')).toMatchObject({ code: 2501 });
    await people.given('GRANT READ ON STAGE s TO bob');
    await bob.run('LIST @s');
    expect(await bob.failure('REMOVE @s/f')).toMatchObject({ code: 1063 });
    await people.given('GRANT ALL ON STAGE s TO ROLE q', 'GRANT ROLE r TO bob');
    await bob.run('REMOVE @s/f');
    await people.given('REVOKE WRITE ON STAGE s FROM ROLE q');
    expect(await bob.failure('REMOVE @s/f')).toMatchObject({ code: 1063 });
    await people.given(
      'REVOKE READ ON STAGE s FROM bob',
      'REVOKE READ ON STAGE s FROM ROLE q',
      'REVOKE ROLE r FROM bob',
    );
    expect(await bob.failure('LIST @s')).toMatchObject({ code: 2501 });
  });

  it('end with the stage', async () => {
    const carl = await people.user('carl', 'CREATE STAGE brief', 'GRANT READ ON STAGE brief TO carl');
    await people.given('DROP STAGE brief', 'CREATE STAGE brief');
    expect(await carl.failure('LIST @brief')).toMatchObject({ code: 2501 });
    expect(await grants(people.root, 'SHOW GRANTS FOR carl')).toEqual([]);
  });

  it('refuse unknown stages, users and roles, and answer a hidden stage as an unknown one', async () => {
    const { root } = people;
    expect(await root.failure('GRANT READ ON STAGE nope TO ann')).toEqual({
      code: 2501,
      message: 'stage nope not exists',
    });
    expect(await root.failure('GRANT READ ON STAGE s TO nobody')).toMatchObject({ code: 2201 });
    expect(await root.failure('REVOKE READ ON STAGE s FROM ROLE nope')).toMatchObject({ code: 2204 });
    expect(await root.failure('GRANT READ ON STAGE s TO root')).toMatchObject({ code: 2202 });
    expect(await people.as('ann').failure('GRANT READ ON STAGE s TO ann')).toEqual(hiddenStage);
    expect(await root.failure('REVOKE ALL ON STAGE s FROM ROLE account_admin')).toEqual({
      code: 1061,
      message: 'Illegal REVOKE command. Can not revoke built-in role [ account_admin ]',
    });
  });

  it('may be done by the owner, and not by a reader', async () => {
    const dora = await people.user('dora', 'CREATE ROLE owner', 'GRANT ROLE owner TO dora');
    await people.given('CREATE STAGE owned', 'GRANT OWNERSHIP ON STAGE owned TO ROLE owner');
    await dora.run('GRANT READ ON STAGE owned TO ann');
    await people.as('ann').run('LIST @owned');
    expect(await people.as('ann').failure('GRANT WRITE ON STAGE owned TO ann')).toEqual({
      code: 1063,
      message: `Permission denied: privilege [Grant] is required on *.* for user 'ann'@'%' with roles [public]. ${NOTE}`,
    });
    await dora.run('REVOKE READ ON STAGE owned FROM ann');
  });
});

describe('GRANT on *.*', () => {
  it('gives CREATE-like privileges to roles only', async () => {
    const refused = {
      code: 1061,
      message: 'CREATE-like privileges cannot be granted directly to USER; please grant them to a role',
    };
    for (const words of ['CREATE STAGE', 'CREATE', 'ALL', 'CREATE CONNECTION, SELECT'])
      expect(await people.root.failure(`GRANT ${words} ON *.* TO ann`)).toEqual(refused);
    await people.given('GRANT CREATE USER, CREATE ROLE ON *.* TO ann', 'REVOKE ALL ON *.* FROM ann');
  });

  it('gives nothing that the giver has not', async () => {
    const eve = await people.user('eve', 'GRANT GRANT, ALTER ON *.* TO eve');
    await eve.run('GRANT ALTER ON *.* TO ann');
    await eve.run('REVOKE ALTER ON *.* FROM ann');
    expect(await eve.failure('GRANT SUPER ON *.* TO ann')).toMatchObject({ code: 1063 });
    expect(await eve.failure('GRANT ROLE account_admin TO ann')).toMatchObject({ code: 1063 });
  });

  it('of connections goes to roles only', async () => {
    expect(await people.root.failure('GRANT ACCESS CONNECTION ON CONNECTION c TO ann')).toMatchObject({
      code: 2218,
    });
    await people.given('GRANT ACCESS CONNECTION ON CONNECTION c TO ROLE q');
    expect(await grants(people.root, 'SHOW GRANTS ON CONNECTION c')).toEqual([
      'ACCESS CONNECTION|c|ROLE|q|',
      'OWNERSHIP|c|ROLE|account_admin|',
    ]);
    await people.given('REVOKE ALL ON CONNECTION c FROM ROLE q');
  });
});

describe('GRANT ROLE and REVOKE ROLE', () => {
  it('refuse what does not exist, and circles', async () => {
    const { root } = people;
    expect(await root.failure('GRANT ROLE nope TO nobody')).toEqual({
      code: 2204,
      message: "Role 'nope' does not exist.",
    });
    expect(await root.failure('GRANT ROLE r TO nobody')).toMatchObject({ code: 2201 });
    expect(await root.failure('GRANT ROLE r TO ROLE q')).toEqual({
      code: 2206,
      message: 'r contains q, can not be grant to q',
    });
    expect(await root.failure('REVOKE ROLE nope FROM nobody')).toMatchObject({ code: 2201 });
    await root.run('REVOKE ROLE nope FROM ann');
    await root.run('REVOKE ROLE r FROM ann');
  });

  it('are denied, and say nothing of hidden roles', async () => {
    const ann = people.as('ann');
    expect(await ann.failure('GRANT ROLE r TO ann')).toEqual({
      code: 2204,
      message: "Role 'r' does not exist.",
    });
    for (const role of ['r', 'nope', 'public'])
      expect(await ann.failure(`REVOKE ROLE ${role} FROM ann`)).toMatchObject({ code: 1063 });
  });

  it('give no privilege on *.* that the giver has not, by a role or by what it contains', async () => {
    await people.given('CREATE ROLE operators', 'GRANT SUPER ON *.* TO ROLE operators', 'CREATE ROLE around');
    await people.given('GRANT ROLE operators TO ROLE around', 'CREATE ROLE helpers', 'CREATE STAGE kept');
    await people.given('GRANT READ ON STAGE kept TO ROLE helpers', 'GRANT GRANT ON *.* TO ROLE helpers');
    const hans = await people.user('hans', 'GRANT GRANT, CREATE USER, ALTER ON *.* TO hans');
    for (const role of ['operators', 'around'])
      for (const to of ['hans', 'ROLE helpers'])
        expect(await hans.failure(`GRANT ROLE ${role} TO ${to}`)).toMatchObject({
          code: 1063,
          message: expect.stringContaining('[Super]') as string,
        });
    await hans.run('GRANT ROLE helpers TO hans');
    await people.given('GRANT SUPER ON *.* TO hans');
    await hans.run('GRANT ROLE around TO hans');
  });

  it('keep an administrator who can sign in', async () => {
    expect(await people.root.failure('REVOKE ROLE account_admin FROM root')).toMatchObject({ code: 2202 });
  });

  it('move update_on of the grantee alone', async () => {
    await people.given('CREATE ROLE giver', 'CREATE ROLE taker', 'GRANT ROLE giver TO ROLE taker');
    const sql = "SELECT name, created_on = update_on FROM system.roles WHERE name IN ('giver', 'taker')";
    expect(await people.root.rows(sql)).toEqual([
      ['giver', '1'],
      ['taker', '0'],
    ]);
  });
});

describe('GRANT OWNERSHIP', () => {
  it('goes from a role of one’s own to another one', async () => {
    const fred = await people.user(
      'fred',
      'CREATE ROLE f1',
      'CREATE ROLE f2',
      'GRANT ROLE f1 TO fred',
      'CREATE STAGE mine',
    );
    await people.given('GRANT OWNERSHIP ON STAGE mine TO ROLE f1');
    const invalid = { code: 1061, message: 'Illegal GRANT/REVOKE command; invalid new owner' };
    for (const role of ['f2', 'nope'])
      expect(await fred.failure(`GRANT OWNERSHIP ON STAGE mine TO ROLE ${role}`)).toEqual(invalid);
    await people.given('GRANT ROLE f2 TO fred', 'GRANT READ ON STAGE other TO fred');
    await fred.run('GRANT OWNERSHIP ON STAGE mine TO ROLE f2');
    expect(await fred.failure('GRANT OWNERSHIP ON STAGE other TO ROLE f2')).toEqual({
      code: 1061,
      message: 'Illegal GRANT/REVOKE command; only owner can grant ownership',
    });
    expect(await fred.failure('GRANT OWNERSHIP ON STAGE s TO ROLE f2')).toEqual(hiddenStage);
    await people.given('DROP ROLE f2');
    expect(await grants(people.root, 'SHOW GRANTS ON STAGE mine')).toEqual([
      'OWNERSHIP|mine|ROLE|account_admin|',
    ]);
  });
});

describe('SHOW GRANTS', () => {
  beforeAll(async () => {
    await people.user('gina', 'CREATE ROLE g1', 'CREATE ROLE g2', 'CREATE ROLE g3', 'CREATE STAGE gs');
    await people.given('GRANT ROLE g1 TO gina', 'GRANT ROLE g2 TO ROLE g1', 'GRANT READ ON STAGE s TO gina');
    await people.given('GRANT WRITE ON STAGE s TO ROLE g2', 'GRANT SELECT, INSERT ON *.* TO ROLE g2');
    await people.given('GRANT OWNERSHIP ON STAGE gs TO ROLE g1', 'GRANT READ ON STAGE s TO ROLE g3');
  });

  it('has Databend’s columns', async () => {
    const columns =
      'privileges String,object_name String,object_id Nullable(String),grant_to String,name String,grants String';
    for (const sql of ['SHOW GRANTS', 'SHOW GRANTS ON STAGE s', "SELECT * FROM show_grants('role', 'g1')"])
      expect((await columnsOf(people.root, sql)).join(',')).toBe(columns);
    const members = 'role String,granted_to String,grantee_name String';
    for (const sql of ['SHOW GRANTS OF ROLE g1', "SELECT * FROM show_grants('role_grantee', 'g1')"])
      expect((await columnsOf(people.root, sql)).join(',')).toBe(members);
  });

  it('puts together what the roles of a user have', async () => {
    const expected = [
      "SELECT,INSERT|*.*|USER|gina|GRANT SELECT,INSERT ON *.* TO 'gina'@'%'",
      "ALL|s|USER|gina|GRANT ALL ON STAGE s TO 'gina'@'%'",
      "OWNERSHIP|gs|USER|gina|GRANT OWNERSHIP ON STAGE gs TO 'gina'@'%'",
    ];
    expect(await grants(people.as('gina'), 'SHOW GRANTS')).toEqual(expected);
    expect(await grants(people.root, 'SHOW GRANTS FOR gina')).toEqual(expected);
    expect(await grants(people.root, "SHOW GRANTS FOR USER gina LIKE 'G%'")).toEqual(expected.slice(2));
    expect(await grants(people.root, "SHOW GRANTS FOR gina WHERE object_name = 's' LIMIT 1")).toEqual(
      expected.slice(1, 2),
    );
  });

  it('names the roles alone, where a setting says so', async () => {
    const session = (await people.root.run('SET enable_expand_roles = 0')).session ?? {};
    expect(await grants(people.root, 'SHOW GRANTS FOR gina', { session })).toEqual([
      "|||USER|gina|GRANT ROLE g1 to 'gina'@'%'".replace('|||', '||'),
      "||USER|gina|GRANT ROLE g2 to 'gina'@'%'",
      "||USER|gina|GRANT ROLE public to 'gina'@'%'",
      "Read|s|USER|gina|GRANT Read ON STAGE s TO 'gina'@'%'",
    ]);
    const sql = "SETTINGS (enable_expand_roles = 0) SELECT grants FROM show_grants('role', 'g1')";
    const expected = [
      ['GRANT ROLE g2 to ROLE `g1`'],
      ['GRANT ROLE public to ROLE `g1`'],
      ['GRANT OWNERSHIP ON STAGE gs TO ROLE `g1`'],
    ];
    expect(await people.root.rows(sql)).toEqual(expected);
    // Also on later pages.
    expect(await people.root.rows(sql, { pagination: { max_rows_per_page: 1 } })).toEqual(expected);
  });

  it('ON a stage shows roles by name, and the owner last', async () => {
    expect(await grants(people.root, 'SHOW GRANTS ON STAGE s')).toEqual([
      'Write|s|ROLE|g2|',
      'Read|s|ROLE|g3|',
      'OWNERSHIP|s|ROLE|account_admin|',
    ]);
    expect(await grants(people.root, "SHOW GRANTS ON STAGE s LIKE 'G3'")).toEqual(['Read|s|ROLE|g3|']);
    // Of roles that she does not have, a reader sees none.
    expect(await grants(people.as('gina'), 'SHOW GRANTS ON STAGE s')).toEqual(['Write|s|ROLE|g2|']);
  });

  it('OF a role shows whom it was granted to directly, users first', async () => {
    await people.given('CREATE ROLE above', 'GRANT ROLE g1 TO ROLE above');
    expect(await people.root.rows('SHOW GRANTS OF ROLE g1')).toEqual([
      ['g1', 'USER', 'gina'],
      ['g1', 'ROLE', 'above'],
    ]);
    expect(await people.as('gina').rows('SHOW GRANTS OF ROLE g1')).toEqual([['g1', 'USER', 'gina']]);
  });

  it('of others needs a right, and answers what is hidden as unknown', async () => {
    const ann = people.as('ann');
    const unknownRole = { code: 2204, message: "Role 'g1' does not exist." };
    expect(await ann.failure('SHOW GRANTS FOR gina')).toEqual({
      code: 2201,
      message: "User 'gina'@'%' does not exist.",
    });
    expect(await ann.failure('SHOW GRANTS FOR ROLE g1')).toEqual(unknownRole);
    expect(await ann.failure('SHOW GRANTS OF ROLE g1')).toEqual(unknownRole);
    expect(await ann.failure('SHOW GRANTS ON STAGE s')).toEqual(hiddenStage);
    expect(await ann.failure('SHOW GRANTS ON CONNECTION c')).toMatchObject({ code: 2510 });
    await people.given('GRANT CREATE USER ON *.* TO ann');
    const message =
      "Permission denied: privilege [Grant] is required on *.* for user 'ann'@'%' with roles []";
    expect(await ann.failure('SHOW GRANTS FOR gina')).toEqual({ code: 1063, message });
    expect(await ann.failure('SHOW GRANTS FOR ROLE g1')).toEqual({ code: 1063, message });
    await people.given('REVOKE CREATE USER ON *.* FROM ann', 'GRANT GRANT ON *.* TO ann');
    expect(await grants(ann, 'SHOW GRANTS FOR gina')).toHaveLength(3);
    await people.given('REVOKE GRANT ON *.* FROM ann');
  });

  it('shows ALL for all privileges of the service, and nothing that administrators own', async () => {
    await people.given('CREATE ROLE everything', 'GRANT ALL ON *.* TO ROLE everything');
    expect(await grants(people.root, 'SHOW GRANTS FOR ROLE everything')).toEqual([
      'ALL|*.*|ROLE|everything|GRANT ALL ON *.* TO ROLE `everything`',
    ]);
    const rows = await grants(people.root, 'SHOW GRANTS');
    expect(rows.filter((row) => row.startsWith('OWNERSHIP'))).toEqual([]);
  });

  it('refuses what has no grants here', async () => {
    expect(await people.root.failure("SELECT * FROM show_grants('database', 'd')")).toMatchObject({
      code: 1006,
    });
  });
});
