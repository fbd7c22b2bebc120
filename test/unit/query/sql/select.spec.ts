import { parseStatement } from '../../../../src/query/sql/parser.js';
import { parsedAs, plain, written } from './plain.js';

const ALL = { kind: 'all' };
const FILES = { kind: 'select-files', parameters: { location: '@s' }, items: [ALL], orderBy: [], offset: 0 };

function item(value: string, name: string = value): Record<string, unknown> {
  return { kind: 'value', value, name };
}

it.each<[string, Record<string, unknown>]>([
  ["SELECT * FROM list_stage(location => '@s')", {}],
  ["select * from LIST_STAGE(LOCATION=>'@s');", {}],
  [
    "SELECT * FROM list_stage(location => '@s/a b', pattern => '.*[.]csv')",
    { parameters: { location: '@s/a b', pattern: '.*[.]csv' } },
  ],
  ["SELECT * FROM list_stage(locatoin => '@s')", { parameters: { locatoin: '@s' } }],
  ["SELECT name, Size FROM list_stage(location => '@s')", { items: [item('name'), item('size')] }],
  [
    'SELECT name AS n, size Bytes, md5 AS "E Tag" FROM list_stage(location => \'@s\') f',
    { items: [item('name', 'n'), item('size', 'bytes'), item('md5', 'E Tag')] },
  ],
  ["SELECT f.*, f.name FROM list_stage(location => '@s') AS f", { items: [ALL, item('name')] }],
  ["SELECT list_stage.name FROM list_stage(location => '@s')", { items: [item('name')] }],
  ["SELECT count(*) FROM list_stage(location => '@s')", { items: [item('count()', 'count(*)')] }],
  [
    "SELECT COUNT( * ) cnt, count() FROM list_stage(location => '@s')",
    { items: [item('count()', 'cnt'), item('count()')] },
  ],
  ["SELECT *, 1, 'x' FROM list_stage(location => '@s')", { items: [ALL, item('1'), item('"x"', "'x'")] }],
  [
    "SELECT * FROM list_stage(location => '@s') WHERE size > 5 ORDER BY size DESC, name ASC NULLS FIRST, 1 NULLS LAST LIMIT 10",
    {
      where: '(size > 5)',
      orderBy: [
        { value: 'size', descending: true, nullsFirst: false },
        { value: 'name', descending: false, nullsFirst: true },
        { value: '1', descending: false, nullsFirst: false },
      ],
      limit: 10,
    },
  ],
  ["SELECT * FROM list_stage(location => '@s') LIMIT 10 OFFSET 20", { limit: 10, offset: 20 }],
  ["SELECT * FROM list_stage(location => '@s') LIMIT 20, 10", { limit: 10, offset: 20 }],
  ["SELECT * FROM list_stage(location => '@s') OFFSET 3", { offset: 3 }],
  [
    "SELECT right(name, 4) AS r, sum(size) FROM list_stage(location => '@s') GROUP BY r, 2 HAVING count(*) > 1",
    {
      items: [item('right(name, 4)', 'r'), item('sum(size)')],
      groupBy: ['r', '2'],
      having: '(count() > 1)',
    },
  ],
  ["SELECT right( name,4 ) FROM list_stage(location => '@s')", { items: [item('right(name, 4)')] }],
  ["SELECT name FROM list_stage(location => '@s') GROUP BY ALL", { items: [item('name')], groupBy: 'all' }],
])('%s', (sql, expected) => {
  expect(plain(sql)).toEqual({ ...FILES, ...expected });
});

it.each<[string, Record<string, unknown>]>([
  ['SELECT * FROM system.stages', {}],
  ['select s.name from SYSTEM.Stages s', { items: [item('name')] }],
  ['SELECT stages.url FROM system.stages', { items: [item('url')] }],
  [
    "SELECT file_format_options:type FROM system.stages WHERE storage_params:a.b['c d'][0] = 'x' LIMIT 1",
    {
      items: [item('get(file_format_options, "type")', 'file_format_options:type')],
      where: '(get(get(get(get(storage_params, "a"), "b"), "c d"), 0) = "x")',
      limit: 1,
    },
  ],
])('%s is about stages', (sql, expected) => {
  expect(plain(sql)).toEqual({ kind: 'select-stages', items: [ALL], orderBy: [], offset: 0, ...expected });
});

it.each([
  ['SELECT count(*) FROM system.tables', true],
  ['SELECT max(name), sum(num_rows) AS n FROM information_schema.tables t WHERE t.name > 1', true],
  ['SELECT count(*) FROM system.tables GROUP BY name', false],
  ['SELECT name, nosuch(name), nocol FROM system.tables', false],
  ['SELECT count(*) WHERE false', true],
])('what %s asks of nothing is read', (sql, strict) => {
  const { clauses, ...rest } = parsedAs('select-nothing', sql);
  expect(clauses).toBeDefined();
  expect(rest.strict).toBe(strict);
});

it.each(
  [
    ["a = 'x'", '(a = "x")'],
    ['a == 1', '(a = 1)'],
    ['a != 1', '(a <> 1)'],
    ['a <> 1', '(a <> 1)'],
    ['a < 1 AND b <= 2 AND c > 3 OR d >= 4', '(((a < 1) and (b <= 2) and (c > 3)) or (d >= 4))'],
    ['a = 1 AND (b = 2 OR c = 3)', '((a = 1) and ((b = 2) or (c = 3)))'],
    ['NOT a = 1 AND b = 2', '((not (a = 1)) and (b = 2))'],
    ["a LIKE 'x%'", '(a like "x%")'],
    ["a NOT LIKE 'x%'", '(not (a like "x%"))'],
    ["a ILIKE 'x' OR a REGEXP 'y' OR a RLIKE 'z'", '((a ilike "x") or (a regexp "y") or (a regexp "z"))'],
    ["a IN ('x', 'y')", '(a in ["x", "y"])'],
    ['a NOT IN (1)', '(not (a in [1]))'],
    ['a BETWEEN 1 AND 2 AND b = 3', '(((a >= 1) and (a <= 2)) and (b = 3))'],
    ['a NOT BETWEEN 1 AND 2', '(not ((a >= 1) and (a <= 2)))'],
    ['a IS NULL', '(a is null)'],
    ['a IS NOT NULL', '(not (a is null))'],
    ['a = b IS NULL', '((a = b) is null)'],
    ["lower(a) = upper(trim('x'))", '(lower(a) = upper(trim("x")))'],
    ["a || 'x' = 'yx'", '(concat(a, "x") = "yx")'],
    ['a + 1 * -2 - (3 - b) % 4', 'minus(plus(a, multiply(1, -2)), modulo(minus(3, b), 4))'],
    ['- a / +2', 'divide(minus(a), 2)'],
    ['CAST(a AS decimal(10, 2)) = b::String', '(cast(a, "decimal(10, 2)") = cast(b, "string"))'],
    ['"A b" = `c`', '(A b = c)'],
    ['true AND NOT false', '(true and (not false))'],
    ['a = NULL', '(a = null)'],
    ['1e3 = 1_000 AND 0x1F = 31 AND .5 = 0.50', '((1000 = 1000) and (31 = 31) and (0.5 = 0.5))'],
  ].filter(([sql]) => sql !== '"A" = `b``` '),
)('WHERE %s', (condition, expected) => {
  const { where } = parsedAs('show-stages', `SHOW STAGES WHERE ${condition}`);
  expect(where && written(where)).toBe(expected);
});

it('tells where each expression stands', () => {
  const sql = "SHOW STAGES WHERE  lower( a )  = 'x' AND NOT b";
  const { where } = parsedAs('show-stages', sql);
  const texts: string[] = [];
  JSON.stringify(where, (_key, value: unknown) => {
    if (typeof value === 'object' && value !== null && 'span' in value) {
      // Every expression has one.
      const { start, end } = value.span as { start: number; end: number };
      texts.push(sql.slice(start, end));
    }
    return value;
  });
  expect(texts).toEqual([
    "lower( a )  = 'x' AND NOT b",
    "lower( a )  = 'x'",
    'lower( a )',
    'a',
    "'x'",
    'NOT b',
    'b',
  ]);
});

// Names as Databend 1.2.453 gives them.
it.each([
  ['1', '1'],
  ["'a'", "'a'"],
  ["'it''s'", String.raw`'it\'s'`],
  [String.raw`'a\nb'`, String.raw`'a\nb'`],
  ['NULL', 'null'],
  ['TRUE', 'true'],
  ['0.10', '0.10'],
  ['1e3', '1000'],
  ['.5', '0.5'],
  ['1.', '1'],
  ['00012', '12'],
  ['9007199254740991', '9007199254740991'],
  ['-1', '- 1'],
  ['+1', '+ 1'],
  ['1+1', '1 + 1'],
  ['((1))', '1'],
  ['(1+2)*3', '(1 + 2) * 3'],
  ['VERSION( )', 'version()'],
  ["Upper( 'a' )", "upper('a')"],
  ['if(true,1,2)', 'if(true, 1, 2)'],
  ['1 != 2', '1 <> 2'],
  ["'a' in ('a','b')", "'a' in('a', 'b')"],
  ["'a' not like 'b'", "'a' not like 'b'"],
  ['1 between 0 and 2', '1 between 0 and 2'],
  ['(true or false) and true', '(true or false) and true'],
  ['not (true and false)', 'not (true and false)'],
  ['now()::string is null', 'now()::string is null'],
  ["'a'||'b'", "'a' || 'b'"],
])('SELECT %s names its column %s', (expression, name) => {
  const { items } = parsedAs('select-values', `SELECT ${expression}`);
  expect(items.map((each) => each.name)).toEqual([name]);
});

it.each([
  ['SELECT version()', [item('version()')]],
  ['select 1;', [item('1')]],
  ['SELECT 1 AS a, \'x\' "B c", 2 Foo', [item('1', 'a'), item('"x"', 'B c'), item('2', 'foo')]],
  ['SELECT 1 WHERE true ORDER BY 1 LIMIT 1', [item('1')]],
  ['SELECT 1 WHERE 1 = 1', [item('1')]],
])('%s', (sql, items) => {
  expect(plain(sql)).toEqual({ kind: 'select-values', items });
});

it.each([
  ['SELECT 1 WHERE false', ['1']],
  ['SELECT 1 AS a WHERE 1 = 0', ['a']],
  ['SELECT 1 WHERE NULL', ['1']],
  ['SELECT 1 LIMIT 0', ['1']],
  ['SELECT a IS DISTINCT FROM b x, c FROM system.tables', ['x', 'c']],
  ['SELECT 1 LIMIT 1 OFFSET 1', ['1']],
  [
    "select name, 'f' as type from system.functions union all select name, 'd' as type from system.databases union all select name, 't' as type from system.tables union all select name, 'c' as type from system.columns limit 10000",
    ['name', 'type'],
  ],
  ['SELECT keywords FROM information_schema.keywords', ['keywords']],
  ['SELECT * FROM information_schema.keywords', ['keywords', 'reserved']],
  ['SELECT t.* FROM system.databases t', ['catalog', 'name', 'database_id', 'owner']],
  [
    "SELECT table_catalog as TABLE_CAT, '' as TYPE_CAT, engine, `default` as COLUMN_DEF, CASE WHEN a THEN 1 END x, count(DISTINCT a)\nFROM information_schema.tables\nWHERE table_schema LIKE 'd' GROUP BY 1 ORDER BY 1",
    ['table_cat', 'type_cat', 'engine', 'column_def', 'x', 'count(distinct a)'],
  ],
  ['SELECT  TRY_CAST(NULL AS varchar) NAME,  TRY_CAST(NULL AS int) LENGTH WHERE false', ['name', 'length']],
])('%s has no rows', (sql, columns) => {
  expect(plain(sql)).toMatchObject({ kind: 'select-nothing', columns, strict: false });
});

it.each([
  ['SELECT * FROM t', 'SELECT from a table'],
  ['SELECT a FROM db.t WHERE (b', 'SELECT from a table'],
  ['SELECT $1, a:b[0] FROM t', 'SELECT from a table'],
  ['SELECT * FROM @s/a.parquet', 'SELECT from files'],
  ["SELECT $1 FROM '@s/a b' (FILE_FORMAT => 'csv')", 'SELECT from files'],
  ["SELECT * FROM 's3://b/a'", 'SELECT from files'],
  ['SELECT * FROM (SELECT 1)', 'SELECT from a subquery'],
  ["SELECT * FROM infer_schema(location => '@s')", 'SELECT from infer_schema()'],
])('%s needs a warehouse: %s', (sql, what) => {
  expect(plain(sql)).toEqual({ kind: 'unsupported', what });
});

it.each([
  ["SELECT DISTINCT name FROM list_stage(location => '@s')", 'SELECT with DISTINCT'],
  ['SELECT DISTINCT name FROM system.stages', 'SELECT with DISTINCT'],
  ['SELECT 1 GROUP BY 1', 'SELECT with GROUP BY and without FROM'],
  ['SELECT count(DISTINCT name) FROM system.tables', 'SELECT with such an aggregate from system.tables'],
  [
    'SELECT a, sum(b) FROM system.tables t JOIN system.columns c ON a = b',
    'SELECT with such an aggregate from system.tables',
  ],
  ['SELECT name FROM system.tables UNION SELECT name FROM system.stages', 'SELECT with UNION'],
  ["SELECT name FROM system.tables UNION ALL SELECT 'x'", 'SELECT with UNION'],
  [
    'SELECT name FROM system.tables UNION ALL SELECT count(*) FROM system.columns',
    'SELECT with such an aggregate from system.tables',
  ],
  ["SELECT * FROM list_stage(location => '@s') UNION SELECT 1", 'SELECT with UNION'],
  ["SELECT * FROM list_stage(location => '@s') WHERE name IN (SELECT 'a')", 'SELECT with a subquery'],
  ['SELECT CASE WHEN true THEN 1 END', 'SELECT with CASE'],
  ['SELECT 1 AS a WHERE a = 2', 'SELECT without FROM, but with WHERE'],
])('%s holds what no SELECT here does: %s', (sql, what) => {
  expect(plain(sql)).toEqual({ kind: 'not-built', what, about: 'selects' });
});

it.each([
  ['SELECT * FROM system.nope', 'system.nope', 14],
  ['SELECT DISTINCT a FROM information_schema.Nope n', 'information_schema.nope', 23],
])('%s is about a table that is not there', (sql, table, start) => {
  expect(parsedAs('select-unknown', sql)).toMatchObject({ table, span: { start } });
});

it('SELECT * FROM system.one is about one row', () => {
  expect(plain('SELECT dummy + 1 AS a FROM system.one o WHERE o.dummy = 1')).toMatchObject({
    kind: 'select-one',
    items: [item('plus(dummy, 1)', 'a')],
  });
});

it.each([
  ["trim('a')", 'trim("a")'],
  ["trim(BOTH 'a' FROM name)", 'trim_both(name, "a")'],
  ["trim(leading 'a' || 'b' FROM name)", 'trim_leading(name, concat("a", "b"))'],
  ["TRIM(TRAILING 'a' FROM trim('b' FROM name))", 'trim_trailing(trim_both(name, "b"), "a")'],
  ['substring(name FROM 2 FOR 3)', 'substring(name, 2, 3)'],
  ['substr(name from 2)', 'substr(name, 2)'],
  ['substring(name, 2, 3)', 'substring(name, 2, 3)'],
  ["position('a' IN name)", 'position("a", name)'],
  ["position('a' || 'b' IN lower(name)) = 1", '(position(concat("a", "b"), lower(name)) = 1)'],
  ["position('a', name)", 'position("a", name)'],
])('%s is called by words', (expression, expected) => {
  const { items } = parsedAs('select-files', `SELECT ${expression} FROM list_stage(location => '@s')`);
  expect(items.map((each) => each.kind === 'value' && written(each.value))).toEqual([expected]);
});

it.each([
  ["trim(BOTH 'a', name)", 'FROM'],
  ['trim(BOTH FROM name)', 'an expression'],
  ['substring(name FOR 3)', ')'],
  ["position('a' IN)", 'an expression'],
])('%s is refused', (expression, expected) => {
  expect(() => parseStatement(`SELECT ${expression} FROM list_stage(location => '@s')`)).toThrow(expected);
});
