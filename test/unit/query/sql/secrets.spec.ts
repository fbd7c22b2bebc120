import { parseStatement } from '../../../../src/query/sql/parser.js';
import { sqlError } from '../../../../src/query/sql/messages/sql-snippet.js';

const SECRET = 'S3cr3t/K3y+P4rt';

function messageOf(sql: string): string {
  try {
    parseStatement(sql);
  } catch (error) {
    return String(error);
  }
  throw new TypeError(`accepted: ${sql}`);
}

it.each([
  `create stage s 's3://b/' connection=(secret_access_key='${SECRET}') ?`,
  `create stage s 's3://b/' connection=(secret_access_key = '${SECRET}' a=1)`,
  `create stage s 's3://b/' connection=(secret_access_key=>'${SECRET}')`,
  `create stage s 's3://b/' connection=(secret_access_key '${SECRET}')`,
  `create stage s 's3://b/' conection=(secret_access_key='${SECRET}')`,
  `create stage s 's3://b/' connection=(secret_access_key=${SECRET})`,
  `create stage s 's3://b/' connection=(secret_access_key="${SECRET}")`,
  `create stage s 's3://b/' connection=(secret_access_key=\`${SECRET}\`)`,
  `create stage s 's3://b/' connection=(secret_access_key=$$${SECRET}$$)`,
  `create stage s 's3://b/' connection=(secret_access_key='${SECRET}`,
  `create stage s 's3://b/' connection=(secret_access_key='a${SECRET}'b')`,
  `create stage s comment='it's' url='s3://b/' connection=(secret_access_key='${SECRET}')`,
  `create stage s comment='it's new' connection=(secret_access_key='${SECRET}') 'x'`,
  `create stage s 1a connection=(secret_access_key='${SECRET}')`,
  `create stage s file_format=(type=csv connection=(secret_access_key='${SECRET}')`,
  `creat stage s 's3://b/' connection=(secret_access_key='${SECRET}')`,
  `creat user u identified by '${SECRET}'`,
  `alter stage s set url 's3://b/' connection=(secret_access_key='${SECRET}')`,
  `create connection c secret_access_key='${SECRET}'`,
  `create connection c storage_type='s3' secret_access_key=${SECRET}`,
  `create connection c storage_type='s3', secret_access_key='${SECRET}'`,
  `select * from list_stage(connection => (secret_access_key = '${SECRET}'))`,
  `\n\ncreate stage s 's3://b/'\nconnection=(secret_access_key='${SECRET}'\n)\n?`,
])('%s does not show it', (sql) => {
  const message = messageOf(sql);
  for (const part of SECRET.split(/[/+]/)) expect(message).not.toContain(part);
});

it('covers values without moving the caret, and leaves the rest', () => {
  const sql = "create stage s 's3://b/' connection=(region='eu' a='数据' b='1') commment='c'";
  expect(messageOf(sql)).toContain(
    [
      "1 | create stage s 's3://b/' connection=(region='eu' a='****' b='*') commment='*'",
      '  |                                                                  ^^^^^^^^ unexpected `commment`',
    ].join('\n'),
  );
});

it('covers them in errors of other kinds, too', () => {
  const sql = `CREATE USER u IDENTIFIED BY '${SECRET}'`;
  expect(sqlError('Unimplemented', sql, { start: 0, end: 6 }, 'no').message).toContain(
    "1 | CREATE USER u IDENTIFIED BY '***************'",
  );
});

it('shows strings where there are no secrets', () => {
  expect(messageOf("select name from list_stage(location => '@s') where name = 'x' y")).toContain("= 'x' y");
  expect(messageOf("show stages like 'a%' x")).toContain("'a%' x");
});

/** As a statement shows it that is understood, and cannot be run. */
function shown(sql: string): string {
  return sqlError('Unimplemented', sql, { start: 0, end: 1 }, 'no').message;
}

it.each([
  "ALTER CONNECTION test_tag_conn SET TAG env_tag = 'prod', owner_tag = 'ann'",
  'ALTER CONNECTION IF EXISTS conn UNSET TAG cost_center_tag, env_tag',
  "ALTER STAGE token_stage SET TAG api_key_owner_tag, env_tag = 'dev'",
  'ALTER STAGE keys UNSET TAG my_key_tag, other_tag',
  'SELECT name, has_credentials, has_encryption_key, storage_params FROM system.stages s WHERE name = comment',
  "SELECT name, has_encryption_key FROM system.stages WHERE name LIKE 'a%' ORDER BY created_on DESC LIMIT 3 OFFSET 1",
  'SELECT column_key, column_name FROM information_schema.columns c GROUP BY column_key HAVING count(*) > 1',
  'SELECT public_keys, must_change_password, other FROM system.users',
  'DROP CONNECTION IF EXISTS my_conn extra',
  'DESC CONNECTION my_conn extra',
  "LIST @connection_data PATERN = '.*csv'",
  'GRANT ACCESS CONNECTION ON CONNECTION conn TO ROLE analysts',
  "CREATE STAGE s FILE_FORMAT = (TYPE = CSV NULL_IF = ('a', 'b') ENCODING = 'gbk' TRIM_SPACE = true) oops",
  "SELECT secret_access_key, size, name, count(*) FROM list_stage(location => '@s') GROUP BY name ORDER BY size",
  "GRANT READ ON STAGE s TO 'u'@'%'",
  "SHOW GRANTS FOR 'u'@'%' extra",
  "DROP USER 'u'@'%' IDENTIFIED",
  "CREATE USER u IDENTIFIED WITH jwt WITH SET NETWORK POLICY = 'office'",
  "ALTER USER u WITH SET PASSWORD POLICY = 'strong'",
  "CREATE PASSWORD POLICY strong PASSWORD_MIN_LENGTH = 10 PASSWORD_MAX_RETRIES = 3 COMMENT = 'c'",
  "SHOW PASSWORD POLICIES LIKE 'a%' more",
  "SHOW GRANTS FOR USER token_user LIKE 'a%'",
  "ALTER STAGE s SET TAG team = 'secret team', rotation = 'token rotated monthly'",
  "SELECT name FROM list_stage(location => '@token_stage') WHERE name = 'key.csv' LIMT 1",
  "SELECT name FROM list_stage(location => '@s') WHERE name LIKE '%secret%' LIMT 1",
  "REMOVE @s/secret_dir PATERN = '.*csv'",
  'PRESIGN @s/token.csv EXPIR = 60',
  'DROP STAGE passwords extra',
  "SHOW STAGES LIKE '%token%' x",
])('all of %s is shown: there is no secret in it', (sql) => {
  expect(shown(sql)).toContain(`1 | ${sql.slice(0, 100)}`);
});

it.each([
  `ALTER STAGE s SET TAG env = 'dev', secret_access_key = '${SECRET}'`,
  `ALTER STAGE s SET TAG env = 'dev', secret_access_key '${SECRET}'`,
  `ALTER STAGE s SET TAG env = 'dev', secret_access_key = ${SECRET}`,
  `ALTER STAGE s SET TAG env = 'dev' CONNECTION = (secret_access_key = '${SECRET}')`,
  `ALTER CONNECTION c SET secret_access_key = '${SECRET}'`,
  `ALTER CONNECTION c secret_access_key ${SECRET}`,
  `ALTER USER u IDENTIFIED WITH sha256_password BY '${SECRET}'`,
  `SELECT has_encryption_key FROM system.stages WHERE secret_access_key ${SECRET}`,
  `SELECT has_credentials FROM 's3://b/' (CONNECTION => (a ${SECRET}))`,
  `CREATE USER 'u'@'%' IDENTIFIED BY '${SECRET}'`,
  `CREATE USER 'u'@'${SECRET} IDENTIFIED BY 'x'`,
  `ALTER USER u IDENTIFIED BY '${SECRET}'@'%'`,
  `CREATE STAGE s 's3://b/' acces_kye ${SECRET}`,
  `CREATE STAGE s 's3://b/' CONNECTION = (aws_secret_kye '${SECRET}')`,
  `CREATE STAGE s 's3://b/' aws_secert_ke ${SECRET}`,
  `SET PASSWORD = '${SECRET}'`,
  `ALTER USER u SET PASSWORD '${SECRET}'`,
  `ALTER STAGE s SET TAG url = 's3://${SECRET}@b/'`,
  `LIST @s secret_access_key = '${SECRET}'`,
  `SHOW STAGES LIKE 'a' secret_access_key = '${SECRET}'`,
  `CREATE CONNECTION c ${SECRET}`,
  `CREATE STAGE s FILE_FORMAT = (NULL_IF = ('a') secret_access_key = ('${SECRET}'))`,
  `CREATE STAGE s FILE_FORMAT = (NULL_IF = 'a' secret_access_key = '${SECRET}')`,
])('%s is shown without its secret', (sql) => {
  for (const part of SECRET.split(/[/+]/)) expect(shown(sql)).not.toContain(part);
});
