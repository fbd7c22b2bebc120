import { sqlError } from '../../../../src/query/sql/messages/sql-snippet.js';
import { parseStatement } from '../../../../src/query/sql/parser.js';
import { SqlError } from '../../../../src/query/sql/sql-error.js';

function errorOf(sql: string): SqlError {
  try {
    parseStatement(sql);
  } catch (error) {
    if (error instanceof SqlError) return error;
    throw error;
  }
  throw new TypeError(`accepted: ${sql}`);
}

/** The last lines of the message: where, and what. */
function placeOf(message: string): string {
  return message.trimEnd().split('\n').slice(-2).join('\n');
}

const FIRST_WORDS =
  '`ALTER`, `DROP`, `SHOW`, `DESC`, `DESCRIBE`, `LIST`, `REMOVE`, `PRESIGN`, `SELECT`, `USE`, `SET`, `UNSET`, `GRANT`, `REVOKE`, `BEGIN`, `COMMIT`, `ROLLBACK`, or `ABORT`';

it('is laid out as Databend lays it out', () => {
  expect(errorOf('creat stage x').message).toBe(
    [
      'error: ',
      '  --> SQL:1:1',
      '  |',
      '1 | creat stage x',
      `  | ^^^^^ unexpected \`creat\`, expecting \`CREATE\`, ${FIRST_WORDS}. Did you mean \`CREATE\`?`,
      '',
      '',
    ].join('\n'),
  );
});

it('shows three lines before the place, numbered', () => {
  const lines = Array.from({ length: 10 }, (_, index) => `-- ${String(index + 1)}`);
  expect(errorOf([...lines, 'list 5 all', '-- end'].join('\r\n')).message).toBe(
    [
      'error: ',
      '   --> SQL:11:6',
      '   |',
      ' 8 | -- 8',
      ' 9 | -- 9',
      '10 | -- 10',
      '11 | list 5 all',
      '   |      ^ unexpected `5`, expecting a location such as @stage/path',
      '',
      '',
    ].join('\n'),
  );
});

it.each([
  ['', '1 | \n  | ^ unexpected end of input'],
  ['  ', '1 |   \n  | ^ unexpected end of input'],
  [';', '1 | ;\n  | ^ unexpected `;`'],
  [';select 1', '1 | ;select 1\n  | ^ unexpected `;`'],
  ['select 1;;', '1 | select 1;;\n  |          ^ unexpected `;`'],
  ['select 1; select 2', '1 | select 1; select 2\n  |           ^^^^^^ unexpected `select`'],
  [
    'select * from t; drop stage s',
    '1 | select * from t; drop stage s\n  |                  ^^^^ unexpected `drop`',
  ],
  ['show tables; drop stage s', '1 | show tables; drop stage s\n  |              ^^^^ unexpected `drop`'],
  ['show stage', '1 | show stage\n  |      ^^^^^ unexpected `stage`, expecting `STAGES`'],
  [
    'create stag x',
    '1 | create stag x\n  |        ^^^^ unexpected `stag`, expecting `STAGE`, `OR`, `CONNECTION`, `USER`, or `ROLE`. Did you mean `STAGE`?',
  ],
  [
    'create stage',
    '1 | create stage\n  |             ^ unexpected end of input, expecting `IF` or a stage name',
  ],
  [
    'create stage "x"',
    '1 | create stage "x"\n  |              ^^^ unexpected quoted name, expecting `IF` or a stage name',
  ],
  [
    "create stage 'x'",
    "1 | create stage '*'\n  |              ^^^ unexpected string, expecting `IF` or a stage name",
  ],
  [
    'create stage my-stage',
    '1 | create stage my-stage\n  |              ^^^ a stage name consists of letters, digits, _ and $',
  ],
  ['create stage a.b', '1 | create stage a.b\n  |              ^^ a stage name consists'],
  ['create stage @s/x', '1 | create stage @s/x\n  |              ^^^^ unexpected `@s/x`'],
  [
    'create stage 1a',
    '1 | create stage 1a\n  |              ^^ a number has no letters, and a name does not begin with a digit',
  ],
  ['create stage if', '1 | create stage if\n  |                ^ unexpected end of input, expecting `NOT`'],
  [
    'create or replace stage if not exists x',
    '1 | create or replace stage if not exists x\n  |                         ^^^^^^^^^^^^^ OR REPLACE and IF NOT EXISTS cannot stand together',
  ],
  [
    "create or replace connection if not exists x storage_type='s3'",
    "1 | create or replace connection if not exists x storage_type='s3'\n  |                              ^^^^^^^^^^^^^ OR REPLACE and",
  ],
  [
    "create stage s url='@t'",
    "1 | create stage s url='@t'\n  |                ^^^^^^^^ the URL of a stage cannot start with '@'",
  ],
  [
    'create stage s url="s3://b/"',
    '1 | create stage s url="s3://b/"\n  |                    ^^^^^^^^^ unexpected quoted name, expecting a string in single quotes',
  ],
  [
    "create stage s 's3://b/', comment='x'",
    "1 | create stage s 's3://b/', comment='x'\n  |                         ^ unexpected `,`, expecting `CONNECTION`",
  ],
  [
    "create stage s comment='x' url='s3://b/'",
    "1 | create stage s comment='x' url='s3://b/'\n  |                            ^^^ unexpected `url`, expecting `;`",
  ],
  [
    'create stage s copy_options=(size_limit=1)',
    '1 | create stage s copy_options=(size_limit=*)\n  |                ^^^^^^^^^^^^ unexpected `copy_options`',
  ],
  [
    'create stage s comment=$$x$$',
    '1 | create stage s comment=$$x$$\n  |                        ^ unexpected `$`',
  ],
  [
    'create stage s file_format=(type=csv,,)',
    '1 | create stage s file_format=(type=csv,,)\n  |                                      ^ unexpected `,`, expecting `)` or a file format option',
  ],
  [
    'alter stage s',
    '1 | alter stage s\n  |              ^ unexpected end of input, expecting `SET` or `UNSET`',
  ],
  [
    'alter stage s unset',
    '1 | alter stage s unset\n  |                    ^ unexpected end of input, expecting `TAG`, `FILE_FORMAT`, `COMMENT`, or `COMMENTS`',
  ],
  [
    "alter stage s set comment='x',,",
    "1 | alter stage s set comment='x',,\n  |                               ^ unexpected `,`",
  ],
  [
    'drop stage if exists s t',
    '1 | drop stage if exists s t\n  |                        ^ unexpected `t`, expecting `;`',
  ],
  [
    'show stages like x',
    '1 | show stages like x\n  |                  ^ unexpected `x`, expecting a string in single quotes',
  ],
  [
    "show stages like 'a' where b",
    "1 | show stages like 'a' where b\n  |                      ^^^^^ unexpected `where`, expecting `LIMIT` or `;`",
  ],
  [
    "create connection c storage_type='s3', a='b'",
    "1 | create connection c storage_type='s3', a='*'\n  |                                      ^ unexpected `,`, expecting an option or `;`",
  ],
  ['put fs:///a @s', '1 | put fs:///a @s\n  | ^^^ PUT is a command of bendsql'],
  [
    "select * from list_stage('@s')",
    "1 | select * from list_stage('@s')\n  |                          ^^^^ unexpected string, expecting location => '@stage/path'",
  ],
  [
    "select * from list_stage(location='@s')",
    "1 | select * from list_stage(location='@s')\n  |                                  ^ unexpected `=`, expecting `=>`",
  ],
  [
    "select * from list_stage(location=>'@s', location=>'@t')",
    "1 | select * from list_stage(location=>'@s', location=>'@t')\n  |                                          ^^^^^^^^ `location` is given twice",
  ],
  [
    "select x.name from list_stage(location=>'@s') f",
    "1 | select x.name from list_stage(location=>'@s') f\n  |        ^ `x` is not the name of a table here",
  ],
  [
    "select * from list_stage(location=>'@s') order by name nulls 1",
    'unexpected `1`, expecting `FIRST` or `LAST`',
  ],
  ["select * from list_stage(location=>'@s') limit x", 'unexpected `x`, expecting a whole number'],
  [
    "select name, from list_stage(location=>'@s')",
    '  |              ^^^^ unexpected `from`, expecting `*`, `NOT`, or an expression',
  ],
  ['select 1 from', '1 | select 1 from\n  |              ^ unexpected end of input'],
  ['select * where true', '1 | select * where true\n  |        ^ unexpected `*`'],
  ['select (1', '1 | select (1\n  |          ^ unexpected end of input'],
  ['select a in ()', '1 | select a in ()\n  |              ^ unexpected `)`'],
  ['select a between 1 or 2', 'unexpected `or`, expecting `AND`'],
  [
    'select (a between 1 and 2) between 3 and 4',
    '1 | select (a between 1 and 2) between 3 and 4\n  |        ^^^^^^^^^^^^^^^^^^^ BETWEEN cannot stand on the left side of BETWEEN',
  ],
  [
    'create stage s file_format=(type=xml)',
    '  |                                  ^^^ unexpected word, expecting `CSV`, `TEXT`, `TSV`, `NDJSON`, `PARQUET`, `JSON`, `ORC`, `AVRO`, `LANCE`, or a string',
  ],
  ['create stage s file_format=(type=parqet)', 'Did you mean `PARQUET`?'],
  [
    "create stage s file_format=(type=csv geometry_format='WKT')",
    '  |                                      ^^^^^^^^^^^^^^^ `geometry_format` is shown, and cannot be set',
  ],
  ['alter stage s set tag env', 'unexpected end of input, expecting `=`'],
  ["alter stage s unset tag env = 'x'", 'unexpected `=`'],
  ['alter connection c set secret', 'unexpected end of input, expecting `=`'],
  ['alter connection c', 'expecting `SET` or `UNSET`'],
  ["select * from list_stage(location=>'@s') group name", 'unexpected `name`, expecting `BY`'],
  ['set (a, b) = (1)', '1 | set (a, b) = (1)\n  |              ^^^ there must be as many values as names'],
  ["select 'a", "1 | select 'a\n  |        ^^ this string has no end"],
  [
    String.raw`select '\uZZZZ'`,
    String.raw`1 | select '\uZZZZ'` +
      '\n  |        ^^^^^^^^ this string has an escape that names no character',
  ],
  [String.raw`select '\ud800'`, 'this string has an escape that names no character'],
  ['select /* a', '1 | select /* a\n  |        ^^^^ this comment has no end'],
  ['select \u0001', '1 | select \ufffd\n  |        ^ a control character cannot stand here'],
  ['select \ud800', '  |        ^ this is half a character: the text is not valid Unicode'],
])('%j', (sql, expected) => {
  const error = errorOf(sql);
  expect(error.kind).toBe('Syntax');
  expect(placeOf(error.message)).toContain(expected);
});

it.each([
  ["\tselect\t1\tas\t'x'", "1 |     select  1   as  'x'\n  |                     ^^^ unexpected string"],
  [
    "select '数据', '😀' as 'b'",
    "1 | select '数据', '😀' as 'b'\n  |                        ^^^ unexpected string",
  ],
  ["select 'e\u0301' as 'b'", "1 | select 'e\u0301' as 'b'\n  |               ^^^ unexpected string"],
])('the caret stands under the place in %j', (sql, expected) => {
  expect(placeOf(errorOf(sql).message)).toContain(expected);
});

it('counts columns by characters', () => {
  expect(errorOf("select '数据😀' as 'b'").message).toContain('--> SQL:1:17\n');
});

it('cuts long lines around the place, and long words', () => {
  const { message } = errorOf(`select ${'1, '.repeat(500)}? ${', 1'.repeat(500)}`);
  const [line = '', caret = ''] = placeOf(message).split('\n');
  expect(line).toMatch(/^1 \| \.\.\..{100,130}\.\.\.$/);
  expect(line[caret.indexOf('^')]).toBe('?');
  expect(errorOf('x'.repeat(100_000)).message.length).toBeLessThan(600);
  expect(errorOf(`${'😀'.repeat(1000)} x`).message.isWellFormed()).toBe(true);
});

it('keeps where it is for whoever catches it', () => {
  expect(errorOf('select 1; x').span).toEqual({ start: 10, end: 11 });
});

it('has the same form for errors of other kinds', () => {
  const error = sqlError('Semantic', 'select a', { start: 7, end: 8 }, "column a doesn't exist");
  expect(error.kind).toBe('Semantic');
  expect(error.message).toBe(
    "error: \n  --> SQL:1:8\n  |\n1 | select a\n  |        ^ column a doesn't exist\n\n",
  );
});
