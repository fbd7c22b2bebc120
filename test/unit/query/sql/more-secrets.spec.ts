import { parseStatement } from '../../../../src/query/sql/parser.js';
import { SqlError } from '../../../../src/query/sql/sql-error.js';
import { sqlError } from '../../../../src/query/sql/messages/sql-snippet.js';

const SECRET = 'hunter2SECRET';

function refusal(sql: string): string {
  try {
    parseStatement(sql);
  } catch (error) {
    if (error instanceof SqlError) return error.message;
    throw error;
  }
  throw new TypeError(`${sql} was not refused`);
}

describe('a secret in a statement that is no SQL is not shown', () => {
  it.each([
    [
      'behind a URL that does not close',
      `CREATE STAGE s URL='s3://b/ CONNECTION=(secret_access_key='${SECRET}')`,
    ],
    [
      'in a comment',
      `CREATE STAGE s URL='s3://b/' CONNECTION=(access_key_id='a' -- secret_access_key='${SECRET}'\n oops oops)`,
    ],
    [
      'in a comment in the middle',
      `CREATE STAGE s URL='s3://b/' CONNECTION=(access_key_id='a' /* secret_access_key='${SECRET}' */ oops oops)`,
    ],
    ['without its =', `CREATE STAGE s URL='s3://b/' CONNECTION=(secret_access_key ${SECRET})`],
    [
      'in other quotes, without its =',
      `CREATE STAGE s URL='s3://b/' CONNECTION=(secret_access_key \`${SECRET}\`)`,
    ],
    ['behind a colon', `CREATE STAGE s URL='s3://b/' CONNECTION=(secret_access_key: ${SECRET})`],
    ['behind ==', `CREATE STAGE s URL='s3://b/' CONNECTION=(secret_access_key == ${SECRET})`],
    ['in parentheses', `CREATE STAGE s URL='s3://b/' CONNECTION=(secret_access_key = (${SECRET}))`],
    ['as a second word', `CREATE STAGE s URL='s3://b/' CONNECTION=(secret_access_key = ab ${SECRET})`],
    ['behind a comma', `CREATE STAGE s URL='s3://b/' CONNECTION=(secret_access_key = a,${SECRET})`],
    ['in SET', `SET secret_access_key = '${SECRET}' oops`],
    ['in SHOW', `SHOW secret_access_key = '${SECRET}'`],
    ['in LIST', `LIST @s secret_access_key = '${SECRET}'`],
    ['in DROP', `DROP STAGE s secret_access_key = '${SECRET}'`],
    ['as the password of a URL', `CREATE STAGE s URL='s3://AKIA:${SECRET}@b/' oops`],
    ['in the query of a URL', `CREATE STAGE s URL='s3://b/?secret=${SECRET}' oops`],
    ['on a line of its own', `CREATE CONNECTION c STORAGE_TYPE = 's3'\n secret_access_key\n ${SECRET}`],
  ])('%s', (_where, sql) => {
    const message = refusal(sql);
    expect(message).not.toContain(SECRET);
    expect(message).toMatch(/\^/);
  });

  it('behind a misspelt CONNECTION of a statement that only a warehouse runs', () => {
    const sql = `SELECT * FROM 's3://b/' (CONECTION => (secret_access_key = '${SECRET}'))`;
    expect(sqlError('Unimplemented', sql, { start: 0, end: 6 }, 'no').message).not.toContain(SECRET);
  });

  it('and what is not secret still is', () => {
    const message = refusal(
      "CREATE STAGE lake URL='s3://b/p/' CONNECTION=(endpoint_url='http://h' secret_access_key='x') oops",
    );
    expect(message).toContain("CREATE STAGE lake URL='s3://b/p/' CONNECTION=(endpoint_url='http://h'");
  });
});
