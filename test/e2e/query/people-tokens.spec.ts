import { randomUUID } from 'node:crypto';
import type { TokenScope } from '../../../src/access/token-scope.js';
import { UserRepository } from '../../../src/users/accounts/user.repository.js';
import { newTokenText, tokenDigest } from '../../../src/users/tokens/api-token.js';
import { ApiTokenRepository } from '../../../src/users/tokens/api-token.repository.js';
import { AccessVersion } from '../../../src/users/version/access-version.js';
import { SqlDatabase } from '../../../src/database/sql-database.js';
import { sql } from '../../../src/database/sql.js';
import { Client } from '../support/client.js';
import { startPeople, type People } from './people.js';
import { SqlClient } from '../support/sql-client.js';

let people: People;

beforeAll(async () => {
  people = await startPeople();
  await people.user(
    'ann',
    'CREATE ROLE r',
    'GRANT ROLE r TO ann',
    'CREATE STAGE s',
    'GRANT READ ON STAGE s TO ann',
  );
  await people.given('CREATE ROLE admins', 'GRANT ROLE account_admin TO ann');
});

afterAll(() => people.testApp.close());

async function withToken(scope: TokenScope | undefined): Promise<SqlClient> {
  const { app } = people.testApp;
  const user = await app.get(UserRepository).find('ann');
  const text = newTokenText();
  const token = {
    id: randomUUID(),
    userId: user?.id ?? '',
    name: randomUUID(),
    digest: tokenDigest(text),
    scope,
  };
  const stored = { ...token, createdOn: new Date(), expiresOn: undefined, lastUsedOn: undefined };
  await app.get(AccessVersion).change(() =>
    Promise.resolve({
      statements: [app.get(ApiTokenRepository).insertion(stored)],
      event: undefined,
      result: undefined,
    }),
  );
  return new SqlClient(new Client(people.testApp, `Bearer ${text}`));
}

const STATEMENTS =
  `SHOW USERS;SELECT * FROM system.users;DESC USER ann;CREATE USER u IDENTIFIED BY 'long enough'
ALTER USER ann WITH DISABLED = true;ALTER USER USER() IDENTIFIED BY 'long enough';DROP USER ann;DROP USER IF EXISTS ann
SHOW ROLES;SELECT * FROM system.roles;SELECT * FROM show_roles();CREATE ROLE q;ALTER ROLE r UNSET COMMENT;DROP ROLE IF EXISTS r
SET ROLE r;SET SECONDARY ROLES NONE;SET DEFAULT ROLE r;SHOW GRANTS;SHOW GRANTS FOR ROLE r;SHOW GRANTS ON STAGE s
SHOW GRANTS OF ROLE r;SELECT * FROM show_grants('role', 'r');GRANT READ ON STAGE s TO ann;REVOKE ALL ON *.* FROM ROLE r
GRANT ROLE r TO ROLE admins;REVOKE ROLE r FROM ann;GRANT OWNERSHIP ON STAGE s TO ROLE r`.split(/[;\n]/);

describe('a token with a scope', () => {
  it('runs no statement about users, roles and grants, even of an administrator', async () => {
    const client = await withToken({ privileges: ['Read', 'Write'] });
    await client.run('LIST @s');
    const message = expect.stringContaining('the API token of this request') as string;
    for (const statement of STATEMENTS)
      expect({ statement, ...(await client.failure(statement)) }).toEqual({ statement, code: 1063, message });
  });
});

describe('a token without a scope', () => {
  it('does what its user may, but changes no password of its own', async () => {
    const client = await withToken(undefined);
    expect(await client.failure("ALTER USER USER() IDENTIFIED BY 'long enough'")).toMatchObject({
      code: 1063,
    });
    await client.run('SHOW GRANTS FOR root');
    await client.run('SET ROLE r');
  });
});

describe('the record of a statement', () => {
  it('has nothing by which its password could be guessed', async () => {
    await people.root.run("ALTER USER ann IDENTIFIED BY 'ann-secret'", { id: 'recorded' });
    const query = sql<Record<string, unknown>>("SELECT * FROM queries WHERE id = 'recorded'");
    const [record] = await people.testApp.app.get(SqlDatabase).read(query);
    expect(record?.['statement_digest']).toMatch(/^[\da-f]{8}\.[\w-]{43}$/);
    expect(JSON.stringify(record)).not.toContain('ann-secret');
    // The same id with the same statement is the same query, and with another one it is refused.
    await people.root.run("ALTER USER ann IDENTIFIED BY 'ann-secret'", { id: 'recorded' });
    const other = await people.root.failure("ALTER USER ann IDENTIFIED BY 'ann-secre2'", { id: 'recorded' });
    expect(other.message).toContain('has run another statement already');
  });
});
