import { parseStatement } from '../../../../../src/query/sql/parser.js';
import { plain } from '../plain.js';

/** What `CREATE USER u IDENTIFIED` is. */
const CREATED = {
  kind: 'create-user',
  name: 'u',
  orReplace: false,
  ifNotExists: false,
  authentication: {},
  options: {},
};
const ALTERED = { kind: 'alter-user', user: 'u', options: {} };
const DROPPED = { kind: 'drop-user', name: 'u', ifExists: false };

it.each<[string, Record<string, unknown>]>([
  ['CREATE USER u IDENTIFIED', {}],
  ["CREATE USER u IDENTIFIED BY 'p'", { authentication: { secret: 'p' } }],
  ["create or replace user u identified by 'p';", { orReplace: true, authentication: { secret: 'p' } }],
  ["CREATE USER IF NOT EXISTS u IDENTIFIED BY ''", { ifNotExists: true, authentication: { secret: '' } }],
  ['CREATE USER u IDENTIFIED WITH no_password', { authentication: { type: 'no_password' } }],
  [
    "CREATE USER u IDENTIFIED WITH SHA256_PASSWORD BY 'it''s'",
    { authentication: { type: 'sha256_password', secret: "it's" } },
  ],
  [
    "CREATE USER u IDENTIFIED WITH double_sha1_password BY 'a\\nb'",
    { authentication: { type: 'double_sha1_password', secret: 'a\nb' } },
  ],
  [
    'CREATE USER u IDENTIFIED WITH no_password WITH DISABLED = true',
    {
      authentication: { type: 'no_password' },
      options: { disabled: true },
    },
  ],
  ["CREATE USER 'u'@'%' IDENTIFIED", {}],
  ["CREATE USER u@'%' IDENTIFIED", {}],
  ["CREATE USER `u` @ '%' IDENTIFIED", {}],
  ['CREATE USER Ann IDENTIFIED', { name: 'Ann' }],
  ['CREATE USER "Ann Lee" IDENTIFIED', { name: 'Ann Lee' }],
  ["CREATE USER 'ann@example.org' IDENTIFIED", { name: 'ann@example.org' }],
  ['CREATE USER user IDENTIFIED', { name: 'user' }],
  ['CREATE USER "to" IDENTIFIED', { name: 'to' }],
  ['CREATE USER 数据 IDENTIFIED', { name: '数据' }],
])('%s creates a user', (sql, expected) => {
  expect(plain(sql)).toEqual({ ...CREATED, ...expected });
});

it.each<[string, Record<string, unknown>]>([
  ['DEFAULT_ROLE = r', { defaultRole: 'r' }],
  ["DEFAULT_ROLE = 'a role'", { defaultRole: 'a role' }],
  ["default_warehouse = 'w'", { defaultWarehouse: 'w' }],
  ['DISABLED = TRUE', { disabled: true }],
  ['disabled = false', { disabled: false }],
  ['MUST_CHANGE_PASSWORD = true', { mustChangePassword: true }],
  ['TENANTSETTING', { tenantSetting: true }],
  ['NOTENANTSETTING', { tenantSetting: false }],
  [
    'DISABLED = true, DEFAULT_ROLE = r, TENANTSETTING',
    { disabled: true, defaultRole: 'r', tenantSetting: true },
  ],
  ['DISABLED = true, DISABLED = false', { disabled: false }],
])('WITH %s is read in CREATE and in ALTER', (text, options) => {
  expect(plain(`CREATE USER u IDENTIFIED WITH ${text}`.replace('IDENTIFIED', "IDENTIFIED BY 'p'"))).toEqual({
    ...CREATED,
    authentication: { secret: 'p' },
    options,
  });
  expect(plain(`ALTER USER u WITH ${text}`)).toEqual({ ...ALTERED, options });
});

it.each([
  ["SET NETWORK POLICY = 'p'", 'SET NETWORK POLICY'],
  ['UNSET NETWORK POLICY', 'UNSET NETWORK POLICY'],
  ["SET PASSWORD POLICY = 'p'", 'SET PASSWORD POLICY'],
  ['UNSET PASSWORD POLICY', 'UNSET PASSWORD POLICY'],
  ["SET WORKLOAD GROUP = 'g'", 'SET WORKLOAD GROUP'],
  ['UNSET WORKLOAD GROUP', 'UNSET WORKLOAD GROUP'],
  ["ADD PUBLIC_KEY = 'pem'", 'ADD PUBLIC_KEY'],
  ["ADD PUBLIC_KEY = 'pem' LABEL = 'l'", 'ADD PUBLIC_KEY'],
  ["REMOVE PUBLIC_KEY LABEL = 'l'", 'REMOVE PUBLIC_KEY'],
  ["REMOVE PUBLIC_KEY FINGERPRINT = 'f'", 'REMOVE PUBLIC_KEY'],
  ["DISABLED = true, SET NETWORK POLICY = 'p', UNSET PASSWORD POLICY, DISABLED = true", 'SET NETWORK POLICY'],
])('WITH %s is still to come: %s', (text, missing) => {
  const created = { kind: 'not-built', what: `CREATE USER with ${missing}`, about: 'policies' };
  expect(plain(`CREATE USER u IDENTIFIED BY 'p' WITH ${text}`)).toEqual(created);
  const altered = { kind: 'not-built', what: `ALTER USER with ${missing}`, about: 'policies' };
  expect(plain(`ALTER USER u WITH ${text};`)).toEqual(altered);
});

it.each([
  ['IDENTIFIED WITH jwt', 'IDENTIFIED WITH jwt'],
  ["IDENTIFIED WITH KEY_PAIR BY 'pem'", 'IDENTIFIED WITH key_pair'],
  ["IDENTIFIED WITH key_pair BY 'pem' WITH SET NETWORK POLICY = 'p'", 'IDENTIFIED WITH key_pair'],
])('%s is still to come', (text, missing) => {
  const created = { kind: 'not-built', what: `CREATE USER ${missing}`, about: 'policies' };
  expect(plain(`CREATE USER u ${text}`)).toEqual(created);
  const altered = { kind: 'not-built', what: `ALTER USER ${missing}`, about: 'policies' };
  expect(plain(`ALTER USER USER() ${text}`)).toEqual(altered);
});

it.each<[string, Record<string, unknown>]>([
  ['ALTER USER u', {}],
  ["ALTER USER u IDENTIFIED BY 'p'", { authentication: { secret: 'p' } }],
  ['ALTER USER u IDENTIFIED', { authentication: {} }],
  [
    "ALTER USER u IDENTIFIED WITH sha256_password BY 'p' WITH DISABLED = false",
    { authentication: { type: 'sha256_password', secret: 'p' }, options: { disabled: false } },
  ],
  ["alter user 'U'@'%' with disabled = true", { user: 'U', options: { disabled: true } }],
  ["ALTER USER user IDENTIFIED BY 'p'", { user: 'user', authentication: { secret: 'p' } }],
])('%s changes a user', (sql, expected) => {
  expect(plain(sql)).toEqual({ ...ALTERED, ...expected });
});

it('USER() is the caller', () => {
  const caller = { kind: 'alter-user', authentication: { secret: 'p' }, options: {} };
  expect(plain("ALTER USER USER() IDENTIFIED BY 'p'")).toEqual(caller);
  expect(plain("alter user user ( ) identified by 'p';")).toEqual(caller);
  expect(parseStatement("ALTER USER USER() IDENTIFIED BY 'p'")).toMatchObject({ user: undefined });
});

it.each<[string, Record<string, unknown>]>([
  ['DROP USER u', {}],
  ["drop user if exists 'u'@'%';", { ifExists: true }],
  ['DROP USER u REMOVE FILES', { files: { kind: 'remove' } }],
  ['DROP USER IF EXISTS u GIVE FILES TO v', { ifExists: true, files: { kind: 'give', to: 'v' } }],
  ["drop user u@'%' give files to 'Ann Lee'@'%'", { files: { kind: 'give', to: 'Ann Lee' } }],
  ['DROP USER remove REMOVE FILES', { name: 'remove', files: { kind: 'remove' } }],
])('%s drops a user', (sql, expected) => {
  expect(plain(sql)).toEqual({ ...DROPPED, ...expected });
});

it.each([
  ['DESC USER u', 'u'],
  ["describe user 'Ann Lee'@'%';", 'Ann Lee'],
])('%s describes a user', (sql, name) => {
  expect(plain(sql)).toEqual({ kind: 'describe-user', name });
});
