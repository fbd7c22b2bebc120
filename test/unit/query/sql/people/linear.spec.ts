import { secretSpans } from '../../../../../src/query/sql/messages/secret-spans.js';
import { parseStatement } from '../../../../../src/query/sql/parser.js';
import { expectLinear, rowOf, type Input } from '../../../linear/linear.js';

const STATEMENT_LENGTH = 1_000_000;

const STATEMENTS: readonly (readonly [string, Input])[] = [
  ['users to create', rowOf('create user ')],
  ['blanks in CREATE USER', rowOf(' ', 'create', 'user u')],
  ['blanks behind CREATE USER', rowOf(' ', 'create user', 'u')],
  ['connections to create', rowOf('create connection ')],
  ['blanks behind CREATE CONNECTION', rowOf(' ', 'create connection', 'c')],
  ['options of a user', rowOf('DISABLED = true, ', 'ALTER USER u WITH ')],
  ['privileges', rowOf('CREATE STAGE, ', 'GRANT ', 'SUPER ON *.* TO u')],
  ['words of privileges', rowOf('CREATE ', 'GRANT ')],
  ['roles', rowOf('a, ', 'SET SECONDARY ROLES ', 'b')],
  ['the name of a role', rowOf('\\', 'CREATE ROLE `', '`')],
  ['the name of a user', rowOf('a', "CREATE USER '", "' IDENTIFIED")],
  ['a password', rowOf('a', "ALTER USER u IDENTIFIED BY '", "' oops")],
  ['arguments', rowOf("'a', ", 'SELECT * FROM show_grants(', "'b')")],
];

describe('a statement about people of a megabyte is read in time that grows with its length', () => {
  it.each(STATEMENTS)('%s', async (_title, input) => {
    await expectLinear({ input, scan: parseStatement, length: STATEMENT_LENGTH });
  });
});

describe('passwords are looked for in a statement of a megabyte in time that grows with its length', () => {
  it.each(STATEMENTS)('%s', async (_title, input) => {
    const scan = (sql: string): unknown => secretSpans(sql, { start: 0, end: sql.length });
    await expectLinear({ input, scan, length: STATEMENT_LENGTH });
  });
});
