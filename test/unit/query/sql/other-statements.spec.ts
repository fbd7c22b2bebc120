import { plain } from './plain.js';

const CONNECTION = { kind: 'create-connection', name: 'c', orReplace: false, ifNotExists: false };

it.each<[string, Record<string, unknown>]>([
  ["CREATE CONNECTION c STORAGE_TYPE='s3'", { ...CONNECTION, storageType: 's3', options: {} }],
  [
    "create or replace connection c storage_type = 'S3' Region = 'r' `k` = 'v';",
    { ...CONNECTION, orReplace: true, storageType: 'S3', options: { region: 'r', k: 'v' } },
  ],
  [
    "CREATE CONNECTION IF NOT EXISTS `c d` STORAGE_TYPE='s3' enable_virtual_host_style=false",
    {
      ...CONNECTION,
      name: 'c d',
      ifNotExists: true,
      storageType: 's3',
      options: { enable_virtual_host_style: 'false' },
    },
  ],
  [
    "ALTER CONNECTION c SET region = 'r' K = 'v'",
    { kind: 'alter-connection', name: 'c', ifExists: false, options: { region: 'r', k: 'v' } },
  ],
  [
    "alter connection if exists `c d` set Region='x'",
    { kind: 'alter-connection', name: 'c d', ifExists: true, options: { region: 'x' } },
  ],
  ['DROP CONNECTION c', { kind: 'drop-connection', name: 'c', ifExists: false }],
  ['DROP CONNECTION IF EXISTS "c d"', { kind: 'drop-connection', name: 'c d', ifExists: true }],
  ['DESC CONNECTION c', { kind: 'describe-connection', name: 'c' }],
  ['describe connection C;', { kind: 'describe-connection', name: 'C' }],
  ['SHOW CONNECTIONS', { kind: 'show-connections' }],
  ['USE db', { kind: 'use', database: 'db' }],
  ['use default', { kind: 'use', database: 'default' }],
  ['use `a b`;', { kind: 'use', database: 'a b' }],
  ['USE catalog', { kind: 'use', database: 'catalog' }],
  ['SET a = 1', { kind: 'set', settings: { a: '1' } }],
  ["SET SESSION Timezone = 'UTC'", { kind: 'set', settings: { timezone: 'UTC' } }],
  ['SET GLOBAL a = -1.5', { kind: 'set', settings: { a: '-1.5' } }],
  ["set a = 1, b = 'x', c = TRUE;", { kind: 'set', settings: { a: '1', b: 'x', c: 'true' } }],
  ["SET (a, b) = (1, 'x')", { kind: 'set', settings: { a: '1', b: 'x' } }],
  ['SET session = 1', { kind: 'set', settings: { session: '1' } }],
  ['UNSET a', { kind: 'unset', names: ['a'] }],
  ['UNSET SESSION a, B', { kind: 'unset', names: ['a', 'b'] }],
  ['unset (a, b);', { kind: 'unset', names: ['a', 'b'] }],
  ['BEGIN', { kind: 'transaction' }],
  ['begin transaction;', { kind: 'transaction' }],
  ['COMMIT WORK', { kind: 'transaction' }],
  ['ROLLBACK', { kind: 'transaction' }],
  ['ABORT', { kind: 'transaction' }],
  ['SHOW SETTINGS', { kind: 'show-settings' }],
  ["show settings like 'max%'", { kind: 'show-settings', like: 'max%' }],
])('%s', (sql, expected) => {
  expect(plain(sql)).toEqual(expected);
});

it.each([
  ['SHOW TABLES', ['Tables_in_default']],
  ["SHOW TABLES FROM db LIKE 'a'", ['Tables_in_db']],
  ['SHOW DATABASES', ['databases_in_default']],
  ['SHOW FULL DATABASES', ['catalog', 'owner', 'databases_in_default']],
  ['SHOW FUNCTIONS LIMIT 1', ['name', 'is_aggregate', 'description']],
  ['SHOW CATALOGS', ['catalogs']],
  ['SHOW FILE FORMATS', ['name', 'format_options']],
  ['SHOW VIEWS IN a.b', ['Views_in_b', 'view_query']],
])('%s has no rows in %j', (sql, columns) => {
  expect(plain(sql)).toEqual({ kind: 'show-nothing', columns });
});

it.each([
  ['COPY INTO t FROM @s', 'COPY INTO'],
  ["COPY INTO @s FROM (SELECT 'never closed", 'COPY INTO'],
  ['INSERT INTO t VALUES (1)', 'INSERT'],
  ['replace into t on (a) values (1)', 'REPLACE INTO'],
  ['CREATE TABLE t (a INT)', 'CREATE TABLE'],
  ['CREATE OR REPLACE TRANSIENT TABLE t (a INT)', 'CREATE TABLE'],
  ['CREATE FILE FORMAT f TYPE = CSV', 'CREATE FILE FORMAT'],
  ['ALTER TABLE t ADD COLUMN b INT', 'ALTER TABLE'],
  ['DROP TABLE t', 'DROP TABLE'],
  ['DESC t', 'DESC TABLE'],
  ['DESC db.t;', 'DESC TABLE'],
  ['DESCRIBE TABLE t', 'DESC TABLE'],
  ['EXPLAIN SELECT 1', 'EXPLAIN'],
  ['call admin$license_info()', 'CALL'],
  ['WITH a AS (SELECT 1) SELECT * FROM a', 'WITH'],
  ['SET VARIABLE a = 1', 'SET VARIABLE'],
  ['USE CATALOG c', 'USE CATALOG'],
  ['SHOW CREATE TABLE t', 'SHOW CREATE TABLE'],
  ['SHOW COLUMNS FROM t', 'SHOW COLUMNS'],
  ["SHOW SETTINGS WHERE name = 'x'", 'SHOW SETTINGS with WHERE'],
])('%s is a statement of a warehouse: %s', (sql, what) => {
  expect(plain(sql)).toEqual({ kind: 'unsupported', what });
});

it.each([
  ['CREATE PASSWORD POLICY p', 'CREATE PASSWORD POLICY'],
  ["ALTER NETWORK POLICY p SET COMMENT = 'c'", 'ALTER NETWORK POLICY'],
  ['DROP NETWORK POLICY IF EXISTS p', 'DROP NETWORK POLICY'],
  ['DESC PASSWORD POLICY p', 'DESC PASSWORD POLICY'],
  ['SHOW NETWORK POLICIES', 'SHOW NETWORK POLICIES'],
  ['SHOW PASSWORD POLICIES', 'SHOW PASSWORD POLICIES'],
  ['SHOW PUBLIC KEYS FOR USER u', 'SHOW PUBLIC KEYS'],
])('%s is about what binds users, and still to come: %s', (sql, what) => {
  expect(plain(sql)).toEqual({ kind: 'not-built', what, about: 'policies' });
});

it.each([
  ["ALTER STAGE s SET TAG env = 'dev'", 'ALTER STAGE SET TAG'],
  ["ALTER STAGE IF EXISTS s SET TAG env = 'dev', \"cost center\" = 'C1';", 'ALTER STAGE SET TAG'],
  ['ALTER STAGE s UNSET TAG env, owner', 'ALTER STAGE UNSET TAG'],
  ["ALTER CONNECTION c SET TAG env = 'dev'", 'ALTER CONNECTION SET TAG'],
  ['alter connection if exists `c d` unset tag env', 'ALTER CONNECTION UNSET TAG'],
  ["CREATE TAG env ALLOWED_VALUES = ('dev', 'prod')", 'CREATE TAG'],
  ['DROP TAG IF EXISTS env', 'DROP TAG'],
  ['SHOW TAGS', 'SHOW TAGS'],
])('%s is about tags, and still to come: %s', (sql, what) => {
  expect(plain(sql)).toEqual({ kind: 'not-built', what, about: 'tags' });
});
