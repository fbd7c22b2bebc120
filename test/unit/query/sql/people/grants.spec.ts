import { plain } from '../plain.js';

const ROLE_R = { kind: 'role', name: 'r' };
const USER_U = { kind: 'user', name: 'u' };

it.each([
  ['READ ON STAGE s', { on: 'stage', name: 's', privileges: ['Read'] }],
  ['write, read on stage S', { on: 'stage', name: 'S', privileges: ['Write', 'Read'] }],
  ['READ, READ ON STAGE `my stage`', { on: 'stage', name: 'my stage', privileges: ['Read'] }],
  ['ALL ON STAGE "s"', { on: 'stage', name: 's', privileges: ['Read', 'Write'] }],
  ['ALL PRIVILEGES ON STAGE s', { on: 'stage', name: 's', privileges: ['Read', 'Write'] }],
  ['ACCESS CONNECTION ON CONNECTION c', { on: 'connection', name: 'c' }],
  ['ALL ON CONNECTION `my c`', { on: 'connection', name: 'my c' }],
  ['all privileges on connection c', { on: 'connection', name: 'c' }],
  ['ALL ON *.*', { on: 'service', privileges: 'all' }],
  ['ALL PRIVILEGES ON * . *', { on: 'service', privileges: 'all' }],
  ['SUPER ON *.*', { on: 'service', privileges: ['SUPER'] }],
  [
    'create, create stage, drop, drop user, create row access policy, grant on *.*',
    {
      on: 'service',
      privileges: ['CREATE', 'CREATE STAGE', 'DROP', 'DROP USER', 'CREATE ROW ACCESS POLICY', 'GRANT'],
    },
  ],
  ['SELECT, SELECT ON *.*', { on: 'service', privileges: ['SELECT'] }],
])('%s is granted and revoked', (text, source) => {
  expect(plain(`GRANT ${text} TO ROLE r`)).toEqual({ kind: 'grant', source, grantee: ROLE_R });
  expect(plain(`REVOKE ${text} FROM u;`)).toEqual({ kind: 'revoke', source, grantee: USER_U });
});

it.each(
  `USAGE, SELECT, INSERT, UPDATE, DELETE, ALTER, SUPER, CREATE USER, CREATE DATABASE, CREATE WAREHOUSE, CREATE CONNECTION,
  ACCESS CONNECTION, ACCESS SEQUENCE, CREATE SEQUENCE, ACCESS PROCEDURE, CREATE PROCEDURE, DROP USER, CREATE ROLE, DROP ROLE,
  GRANT, CREATE STAGE, SET, DROP, CREATE MASKING POLICY, APPLY MASKING POLICY, CREATE ROW ACCESS POLICY,
  APPLY ROW ACCESS POLICY, CREATE`.split(/,\s+/),
)('%s is a privilege on all, as in Databend', (privilege) => {
  expect(plain(`GRANT ${privilege} ON *.* TO ROLE r`)).toEqual({
    kind: 'grant',
    source: { on: 'service', privileges: [privilege] },
    grantee: ROLE_R,
  });
});

it.each([
  ['u', USER_U],
  ['USER u', USER_U],
  ["'u'@'%'", USER_U],
  ["USER `u`@'%'", USER_U],
  ["user 'Ann Lee'", { kind: 'user', name: 'Ann Lee' }],
  ['ROLE r', ROLE_R],
  ["role 'a role'", { kind: 'role', name: 'a role' }],
  ['"role"', { kind: 'user', name: 'role' }],
  ['ROLE role', { kind: 'role', name: 'role' }],
])('%s is whom it is granted to', (text, grantee) => {
  expect(plain(`GRANT ROLE x TO ${text}`)).toEqual({ kind: 'grant-role', role: 'x', grantee });
  expect(plain(`REVOKE ROLE 'a role' FROM ${text}`)).toEqual({
    kind: 'revoke-role',
    role: 'a role',
    grantee,
  });
});

it.each([
  ['GRANT OWNERSHIP ON STAGE s TO ROLE r', { on: 'stage', name: 's' }],
  ["grant ownership on connection `my c` to role 'r';", { on: 'connection', name: 'my c' }],
])('%s gives ownership to a role', (sql, object) => {
  expect(plain(sql)).toEqual({ kind: 'grant-ownership', object, role: 'r' });
});

it.each([
  ['GRANT SELECT ON db.* TO u', 'GRANT ON DATABASE'],
  ['GRANT SELECT ON * TO u', 'GRANT ON DATABASE'],
  ['GRANT ALL ON db.t TO ROLE r', 'GRANT ON TABLE'],
  ["GRANT ALL ON 'db'.'t' TO ROLE r", 'GRANT ON TABLE'],
  ['REVOKE INSERT, UPDATE ON `t` FROM u', 'REVOKE ON TABLE'],
  ['GRANT SELECT ON DATABASE d TO u', 'GRANT ON DATABASE'],
  ['GRANT SELECT ON TABLE d.t TO u', 'GRANT ON TABLE'],
  ['GRANT USAGE ON UDF f TO u', 'GRANT ON UDF'],
  ['REVOKE ALL PRIVILEGES ON WAREHOUSE w FROM ROLE r', 'REVOKE ON WAREHOUSE'],
  ['GRANT ACCESS SEQUENCE ON SEQUENCE q TO ROLE r', 'GRANT ON SEQUENCE'],
  ['GRANT ACCESS PROCEDURE ON PROCEDURE p(INT) TO ROLE r', 'GRANT ON PROCEDURE'],
  ['GRANT APPLY ON MASKING POLICY p TO ROLE r', 'GRANT ON MASKING POLICY'],
  ['REVOKE APPLY ON ROW ACCESS POLICY p FROM ROLE r', 'REVOKE ON ROW ACCESS POLICY'],
  ['GRANT OWNERSHIP ON db.* TO ROLE r', 'GRANT OWNERSHIP ON DATABASE'],
  ['GRANT OWNERSHIP ON db.t TO ROLE r', 'GRANT OWNERSHIP ON TABLE'],
  ['GRANT OWNERSHIP ON UDF f TO ROLE r', 'GRANT OWNERSHIP ON UDF'],
  ['SHOW GRANTS ON TABLE db.t', 'SHOW GRANTS ON TABLE'],
  ['SHOW GRANTS ON MASKING POLICY p LIMIT 1', 'SHOW GRANTS ON MASKING POLICY'],
])('%s is for a warehouse: %s', (sql, what) => {
  expect(plain(sql)).toEqual({ kind: 'unsupported', what });
});
