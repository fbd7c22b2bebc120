import { errorOf } from './error-of.js';

const HOST = "a user has no host here: only '%', which is any host, may follow @";

it.each([
  ['CREATE USER', 'unexpected end of input, expecting `IF` or the name of a user'],
  ['CREATE USER u', 'unexpected end of input, expecting `IDENTIFIED`'],
  ["CREATE USER u BY 'p'", 'unexpected `BY`, expecting `IDENTIFIED`'],
  ["CREATE USER to IDENTIFIED BY 'p'", 'unexpected `to`, expecting `IF` or the name of a user'],
  ['CREATE USER 1 IDENTIFIED', 'unexpected `1`, expecting `IF` or the name of a user'],
  ['CREATE USER u, v IDENTIFIED', 'unexpected `,`, expecting `IDENTIFIED`'],
  ["CREATE USER u@'localhost' IDENTIFIED", HOST],
  ['CREATE USER u@localhost IDENTIFIED', HOST],
  ["CREATE USER 'u'@'10.0.0.1' IDENTIFIED", HOST],
  ['CREATE USER u@% IDENTIFIED', HOST],
  ['CREATE USER u@"%" IDENTIFIED', HOST],
  ["CREATE USER u@ IDENTIFIED BY 'p'", HOST],
  [
    "CREATE OR REPLACE USER IF NOT EXISTS u IDENTIFIED BY 'p'",
    'OR REPLACE and IF NOT EXISTS cannot stand together',
  ],
  [
    "CREATE USER u IDENTIFIED WITH sha1 BY 'p'",
    'expecting `NO_PASSWORD`, `SHA256_PASSWORD`, `DOUBLE_SHA1_PASSWORD`, `JWT`, or `KEY_PAIR`',
  ],
  ['CREATE USER u IDENTIFIED BY p', 'unexpected word, expecting a string in single quotes'],
  ['CREATE USER u IDENTIFIED BY "p"', 'unexpected quoted name, expecting a string in single quotes'],
  ["CREATE USER u IDENTIFIED BY '\\x'", 'this string has an escape that names no character'],
  [
    "CREATE USER u IDENTIFIED BY 'p' WITH",
    'unexpected end of input, expecting `DEFAULT_ROLE`, `DEFAULT_WAREHOUSE`, `DISABLED`, `MUST_CHANGE_PASSWORD`, ' +
      '`TENANTSETTING`, `NOTENANTSETTING`, `SET`, `UNSET`, `ADD`, or `REMOVE`',
  ],
  ["CREATE USER u IDENTIFIED BY 'p' WITH DISABLD = true", 'Did you mean `DISABLED`?'],
  [
    "CREATE USER u IDENTIFIED BY 'p' WITH DISABLED = 'true'",
    'unexpected string, expecting `TRUE` or `FALSE`',
  ],
  ["CREATE USER u IDENTIFIED BY 'p' WITH DISABLED = 1", 'unexpected number, expecting `TRUE` or `FALSE`'],
  ["CREATE USER u IDENTIFIED BY 'p' WITH DISABLED true", 'expecting `=`'],
  [
    "CREATE USER u IDENTIFIED BY 'p' WITH DISABLED = true,",
    'unexpected end of input, expecting `DEFAULT_ROLE`',
  ],
  [
    "CREATE USER u IDENTIFIED BY 'p' WITH DEFAULT_ROLE = r DISABLED = true",
    'unexpected `DISABLED`, expecting `,`',
  ],
  ['ALTER USER u WITH DEFAULT_WAREHOUSE = w', 'expecting a string in single quotes'],
  ['ALTER USER u WITH SET NETWORK = 1', 'expecting `POLICY`'],
  ['ALTER USER u WITH SET WORKLOAD POLICY', 'unexpected `POLICY`, expecting `GROUP`'],
  ['ALTER USER u WITH SET ROLE r', 'unexpected `ROLE`, expecting `NETWORK`, `PASSWORD`, or `WORKLOAD`'],
  ["ALTER USER u WITH UNSET NETWORK POLICY = 'p'", 'unexpected `=`'],
  ["ALTER USER u WITH ADD KEY = 'p'", 'expecting `PUBLIC_KEY`'],
  ["ALTER USER u WITH REMOVE PUBLIC_KEY = 'p'", 'expecting `LABEL` or `FINGERPRINT`'],
  ["ALTER USER IF EXISTS u IDENTIFIED BY 'p'", 'unexpected `EXISTS`, expecting `IDENTIFIED`'],
  ["ALTER USER USER( IDENTIFIED BY 'p'", 'unexpected `IDENTIFIED`, expecting `)`'],
  ['DROP USER u REMOVE', 'unexpected end of input, expecting `FILES`'],
  ['DROP USER u REMOVE FILES TO v', 'unexpected `TO`'],
  ['DROP USER u GIVE FILES v', 'unexpected `v`, expecting `TO`'],
  ['DROP USER u KEEP FILES', 'unexpected `KEEP`, expecting `REMOVE`, `GIVE`'],
  ['DROP USER IF NOT EXISTS u', 'unexpected `NOT`, expecting `EXISTS`'],
  ['DESC USER', 'unexpected end of input, expecting the name of a user'],
])('%s is no statement about users', (sql, message) => {
  const error = errorOf(sql);
  expect(error.kind).toBe('Syntax');
  expect(error.message).toContain(message);
});

const ROLE_RULE = `' or " or \\f or \\b are not allowed in the name of a role`;

it.each([
  ['CREATE OR REPLACE ROLE r', 'unexpected `ROLE`, expecting `STAGE`, `CONNECTION`, or `USER`'],
  ['CREATE ROLE', 'unexpected end of input, expecting `IF` or the name of a role'],
  ["CREATE ROLE r COMMENT 'c'", 'unexpected string, expecting `=`'],
  ["CREATE ROLE r COMMENTS = 'c'", 'unexpected `COMMENTS`'],
  ['CREATE ROLE "a\'b"', ROLE_RULE],
  ['CREATE ROLE `a"b`', ROLE_RULE],
  ['CREATE ROLE `a\\bb`', ROLE_RULE],
  ['DROP ROLE `a\\fb`', ROLE_RULE],
  ['GRANT ROLE `a\fb` TO u', ROLE_RULE],
  ['ALTER ROLE r', 'unexpected end of input, expecting `SET` or `UNSET`'],
  ['ALTER ROLE r SET COMMENT', 'unexpected end of input, expecting `=`'],
  ["ALTER ROLE r UNSET COMMENT = 'c'", 'unexpected `=`'],
  ['ALTER ROLE r RENAME TO s', 'unexpected `RENAME`, expecting `SET` or `UNSET`'],
  ['DROP ROLE r, s', 'unexpected `,`'],
  ['DESC ROLE r', 'unexpected `ROLE`, expecting `STAGE`, `CONNECTION`, or `USER`'],
  ['SET ROLE', 'unexpected end of input, expecting the name of a role'],
  ['SET ROLE a, b', 'unexpected `,`'],
  ['SET DEFAULT r', 'unexpected `r`, expecting `ROLE`'],
  ['SET SECONDARY ROLE r', 'unexpected `ROLE`, expecting `ROLES`'],
  ['SET SECONDARY ROLES', 'unexpected end of input, expecting `ALL`, `NONE`, or the name of a role'],
  ['SET SECONDARY ROLES NONE, r', 'unexpected `,`'],
  ['SET SECONDARY ROLES a,', 'unexpected end of input, expecting the name of a role'],
])('%s is no statement about roles', (sql, message) => {
  const error = errorOf(sql);
  expect(error.kind).toBe('Syntax');
  expect(error.message).toContain(message);
});

it.each([
  ['GRANT', 'unexpected end of input, expecting `OWNERSHIP`, `ROLE`, `ALL`, `READ`, `WRITE`'],
  ['GRANT READ', 'unexpected end of input, expecting `,` or `ON`'],
  ['GRANT REED ON STAGE s TO u', 'Did you mean `READ`?'],
  ['GRANT READ ON STAGE s', 'unexpected end of input, expecting `TO`'],
  ['GRANT READ ON STAGE s FROM u', 'unexpected `FROM`, expecting `TO`'],
  ['REVOKE READ ON STAGE s TO u', 'unexpected `TO`, expecting `FROM`'],
  ['GRANT READ ON STAGE TO u', 'unexpected `TO`, expecting the name of a stage'],
  ['GRANT READ ON STAGE @s TO u', 'unexpected `@s`, expecting the name of a stage'],
  ['GRANT READ ON STAGE ~ TO u', 'unexpected `~`, expecting the name of a stage'],
  ["GRANT READ ON STAGE 's' TO u", 'unexpected string, expecting the name of a stage'],
  ['GRANT READ ON STAGE s TO', 'unexpected end of input, expecting `ROLE`, `USER`, or the name of a user'],
  ['GRANT READ ON STAGE s TO ROLE', 'unexpected end of input, expecting the name of a role'],
  ['GRANT READ ON STAGE s TO USER', 'unexpected end of input, expecting the name of a user'],
  ['GRANT READ ON STAGE s TO u, v', 'unexpected `,`'],
  ['GRANT READ ON STAGE s TO u@host', HOST],
  ['GRANT READ ON STAGE s TO u WITH GRANT OPTION', 'unexpected `WITH`'],
  ['GRANT SELECT ON STAGE s TO u', 'SELECT is no privilege of a stage, which has READ and WRITE'],
  ['GRANT READ, create stage ON STAGE s TO u', 'CREATE STAGE is no privilege of a stage'],
  ['GRANT READ ON *.* TO u', 'READ is a privilege of a stage: ON STAGE and its name must follow'],
  ['GRANT SUPER, WRITE ON *.* TO u', 'WRITE is a privilege of a stage'],
  ['GRANT READ ON s TO u', 'READ is a privilege of a stage: ON STAGE and its name must follow'],
  ['GRANT READ ON CONNECTION c TO u', 'READ is a privilege of a stage'],
  [
    'GRANT USAGE ON CONNECTION c TO ROLE r',
    'USAGE is no privilege of a connection, which has ACCESS CONNECTION',
  ],
  ['GRANT ALL ON STAGES s TO u', 'unexpected `s`, expecting `.` or `TO`'],
  ['GRANT ALL ON TO u', 'unexpected `TO`, expecting `STAGE`, `CONNECTION`, or *.*'],
  ['GRANT ALL ON *.t TO u', 'unexpected `t`, expecting `*`'],
  ['GRANT ALL ON db. TO', 'unexpected end of input, expecting `TO`'],
  ['GRANT ALL ON (s) TO u', 'unexpected `(`, expecting `STAGE`, `CONNECTION`, or *.*'],
  ['GRANT ALL, READ ON STAGE s TO u', 'unexpected `,`, expecting `PRIVILEGES` or `ON`'],
  ['GRANT ACCESS ON *.* TO u', 'unexpected `ON`, expecting `CONNECTION`, `SEQUENCE`, or `PROCEDURE`'],
  ['GRANT CREATE ROW ON *.* TO u', 'unexpected `ON`, expecting `ACCESS`'],
  ['GRANT CREATE DATAMASK ON *.* TO u', 'unexpected `DATAMASK`'],
  ['GRANT APPLY ON *.* TO ROLE r', 'APPLY alone is a privilege of a policy'],
  ['GRANT SUPER, ON *.* TO u', 'unexpected `ON`, expecting `READ`'],
  ['GRANT ROLE TO u', 'unexpected `TO`, expecting the name of a role'],
  ['GRANT ROLE a, b TO u', 'unexpected `,`, expecting `TO`'],
  ['REVOKE ROLE r TO u', 'unexpected `TO`, expecting `FROM`'],
  ['GRANT OWNERSHIP ON STAGE s TO u', 'unexpected `u`, expecting `ROLE`'],
  ['GRANT OWNERSHIP ON *.* TO ROLE r', 'unexpected `.`, expecting `TO`'],
  ['GRANT OWNERSHIP TO ROLE r', 'unexpected `TO`, expecting `ON`'],
  [
    'REVOKE OWNERSHIP ON STAGE s FROM ROLE r',
    'ownership cannot be revoked: GRANT OWNERSHIP gives it to another role',
  ],
  ['SHOW GRANTS FOR', 'unexpected end of input, expecting `ROLE`, `USER`, or the name of a user'],
  ["SHOW GRANTS FOR LIKE 'x'", 'unexpected `LIKE`, expecting `ROLE`, `USER`, or the name of a user'],
  ['SHOW GRANTS ON s', 'unexpected `s`, expecting `STAGE` or `CONNECTION`'],
  ['SHOW GRANTS OF u', 'unexpected `u`, expecting `ROLE`'],
  ['SHOW GRANTS TO u', 'unexpected `TO`, expecting `FOR`, `ON`, `OF`, `LIKE`, `WHERE`, `LIMIT`, or `;`'],
  ['SHOW USERS FROM db', 'unexpected `FROM`, expecting `LIKE`, `WHERE`, `LIMIT`, or `;`'],
  ['SHOW USRES', 'Did you mean `USERS`?'],
  ['SELECT * FROM show_grants()', 'unexpected `)`, expecting a string in single quotes'],
  ["SELECT * FROM show_grants('user', 1)", 'unexpected `1`, expecting a string in single quotes'],
  ["SELECT * FROM show_grants('user' 'u')", 'unexpected string, expecting `,` or `)`'],
])('%s is no statement about grants', (sql, message) => {
  const error = errorOf(sql);
  expect(error.kind).toBe('Syntax');
  expect(error.message).toContain(message);
});
