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
