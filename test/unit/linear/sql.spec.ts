import { likeMatcher } from '../../../src/common/sql-like.js';
import { boundedExpression, MAX_PATTERN_LENGTH } from '../../../src/common/bounded-expression.js';
import { secretSpans } from '../../../src/query/sql/messages/secret-spans.js';
import { parseStatement } from '../../../src/query/sql/parser.js';
import { expectLinear, rowOf, type Input } from './linear.js';

/** So much of a body of 1 MiB is left for it. */
const STATEMENT_LENGTH = 1_000_000;
/** What a function of SQL makes at most. */
const TEXT_LENGTH = 32_768;

const STATEMENTS: readonly (readonly [string, Input])[] = [
  ['blanks', rowOf(' \t', '', 'x')],
  ['lines', rowOf('\n', '', 'x')],
  ['a word', rowOf('x')],
  ['words', rowOf('a ')],
  ['numbers', rowOf('1.', 'SELECT ')],
  ['a number', rowOf('1', 'SELECT ')],
  ['a string', rowOf('a', "SELECT '", "'")],
  ['a string without end', rowOf('a', "SELECT '")],
  ['quotes', rowOf("'")],
  ['double quotes', rowOf('"')],
  ['backticks', rowOf('`')],
  ['escapes', rowOf('\\n', "SELECT '")],
  ['backslashes', rowOf('\\', "SELECT '")],
  ['dollars', rowOf('$$ ')],
  ['comments', rowOf('/**/', '', 'SELECT 1')],
  ['a comment without end', rowOf('/*')],
  ['line comments', rowOf('--\n')],
  ['brackets', rowOf('(', 'SELECT ')],
  ['columns', rowOf('a,', 'SELECT ', 'b FROM system.stages')],
  ['dots', rowOf('a.', 'SELECT ')],
  ['stars', rowOf('*,', 'SELECT ')],
  ['operators', rowOf('1+', 'SELECT ')],
  ['values', rowOf("'a',", "SELECT * FROM list_stage(location => '@s') WHERE name IN (", "'b')")],
  ['unions', rowOf(' UNION SELECT 1', 'SELECT 1')],
  ['froms', rowOf('SELECT a FROM ')],
  ['a location', rowOf('x', 'LIST @s/')],
  ['escaped spaces in a location', rowOf('\\ ', 'LIST @s/')],
  ['blanks in a location', rowOf(' ', 'LIST @s/a', 'b')],
  ['words in a location', rowOf(' a', 'LIST @s/')],
  ['options in a location', rowOf(" a='b", 'LIST @s/')],
  ['assignments in a location', rowOf(' a =', 'PRESIGN @s/')],
  ['options of PRESIGN', rowOf('EXPIRE = 1 ', 'PRESIGN @s/a ')],
  ['options of a connection', rowOf("a='b' ", "CREATE STAGE s 's3://b/' CONNECTION=(")],
  ['schemes', rowOf('://', 'CREATE STAGE s ')],
  ['schemes in a string', rowOf('://', "CREATE STAGE s URL = '", "' oops")],
  ['users of URLs', rowOf('://a@', "CREATE STAGE s URL = '", "' oops")],
  ['names of secrets', rowOf('@a_key ', 'SELECT ')],
  ['secrets', rowOf('secret_key=', 'CREATE STAGE s ')],
  ['identified by', rowOf("IDENTIFIED BY '", 'CREATE USER a ')],
  ['rows', rowOf("('a'),", 'INSERT INTO t VALUES ')],
  ['letters beyond ASCII', rowOf('数', 'SELECT ')],
  ['halves of characters', rowOf('\ud83d', 'SELECT ')],
];

describe('a statement of a megabyte is read in time that grows with its length', () => {
  it.each(STATEMENTS)('%s', async (_title, input) => {
    await expectLinear({ input, scan: parseStatement, length: STATEMENT_LENGTH });
  });
});

describe('secrets are looked for in a statement of a megabyte in time that grows with its length', () => {
  it.each(STATEMENTS)('%s', async (_title, input) => {
    const scan = (sql: string): unknown => secretSpans(sql, { start: 0, end: sql.length });
    await expectLinear({ input, scan, length: STATEMENT_LENGTH });
  });
});

describe('a match of LIKE grows with the text, and with the pattern', () => {
  it.each([
    ['wildcards', '%a'],
    ['single ones', '_'],
    ['both', '%_a'],
    ['a long row behind a wildcard', 'a'],
  ])('%s', async (_title, piece) => {
    const pattern = `%${piece.repeat(MAX_PATTERN_LENGTH / piece.length - 2)}b`;
    const matches = likeMatcher(pattern, { ignoreCase: true });
    await expectLinear({ input: rowOf('a'), scan: matches, length: TEXT_LENGTH });
    const text = 'a'.repeat(2048);
    const input = rowOf(piece, '%', 'b');
    await expectLinear({ input, scan: (each) => likeMatcher(each)(text), length: MAX_PATTERN_LENGTH });
  });
});

describe('no pattern is longer than 1,000 characters', () => {
  const long = `'${'%'.repeat(MAX_PATTERN_LENGTH + 1)}'`;

  it.each([`SHOW STAGES LIKE ${long}`, `SHOW SETTINGS LIKE ${long}`])('%.20s', (sql) => {
    expect(() => parseStatement(sql)).toThrow('the pattern may have at most 1000 characters');
  });
});

describe('a match of a regular expression grows with the text', () => {
  it.each(['(a*)*b', '(a|a)*b', 'a*a*a*b', '(a+)+$', '.*.*=.*', '(?:a?){50}a{50}b'])(
    '%s',
    async (pattern) => {
      const bounded = boundedExpression(pattern);
      if (bounded.kind !== 'compiled') throw new TypeError(bounded.kind);
      const scan = (text: string): unknown => bounded.expression.matcher(text).find();
      await expectLinear({ input: rowOf('a'), scan, length: 4096 });
    },
  );
});
