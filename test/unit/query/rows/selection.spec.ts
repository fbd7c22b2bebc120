import type { Cell } from '../../../../src/query/rows/cell.js';
import { OpenScans } from '../../../../src/query/rows/open-scans.js';
import type { Row } from '../../../../src/query/rows/table.js';
import { timestampText } from '../../../../src/query/rows/timestamp.js';
import { pageRows, writtenRows } from '../../../../src/query/rows/written-rows.js';
import { SqlError } from '../../../../src/query/sql/sql-error.js';
import { LETTERS, select } from './selected.js';

/** As another replica, which has not seen the page before. */
class Forgetful extends OpenScans {
  override take(): undefined {
    return undefined;
  }
}

async function names(condition: string): Promise<(Cell | undefined)[]> {
  const { rows } = await select(`name FROM files WHERE ${condition}`);
  return rows.map(([name]) => name);
}

describe('a condition selects', () => {
  it.each([
    ["name = 'a'", ['a']],
    ["'a' = NAME", ['a']],
    ["name <> 'a' AND size < 5", ['b%', '🔑']],
    ['size >= 10', ['A', 'b_1']],
    ["size = '10'", ['A', 'b_1']],
    ['size = 1 OR size = 2', ['a', '🔑']],
    ['NOT (size = 1 OR size = 2) AND size <= 7', ['b%', 'ﬀ']],
    ['size BETWEEN 1 AND 2', ['a', '🔑']],
    ['size NOT BETWEEN 1 AND 10', ['b%']],
    ['size IN (0, 7)', ['b%', 'ﬀ']],
    ['size NOT IN (0, 7, 10)', ['a', '🔑']],
    ["name LIKE 'b%'", ['b_1', 'b%']],
    [String.raw`name LIKE 'b\\%'`, ['b%']],
    ["name LIKE '_'", ['A', 'a', 'ﬀ', '🔑']],
    ["name NOT LIKE '%_%'", []],
    ["name ILIKE 'A%'", ['A', 'a']],
    ["name REGEXP '^[ab]'", ['a', 'b_1', 'b%']],
    ['md5 IS NULL', ['A', 'b%']],
    ['md5 IS NOT NULL', ['a', 'b_1', 'ﬀ', '🔑']],
    // What is NULL is neither equal nor unequal to anything.
    ["md5 = 'x'", ['a', 'ﬀ']],
    ["md5 <> 'x'", ['b_1', '🔑']],
    ["NOT md5 = 'x'", ['b_1', '🔑']],
    ["md5 IN ('x', NULL)", ['a', 'ﬀ']],
    ["md5 NOT IN ('x', NULL)", []],
    ["md5 = 'x' OR size = 10", ['A', 'a', 'b_1', 'ﬀ']],
    ["md5 = 'x' AND size = 10", []],
    ['md5 = NULL', []],
    ["name > 'ﬀ'", ['🔑']],
    ["lower(name) = 'a'", ['A', 'a']],
    ['length(name) = 1', ['A', 'a', 'ﬀ', '🔑']],
    ["upper(md5) = 'Y'", ['b_1']],
    ['true', LETTERS.map(([name]) => name)],
    ['false', []],
    ['NULL', []],
    ['size', ['A', 'a', 'b_1', 'ﬀ', '🔑']],
  ])('%s', async (condition, expected) => {
    expect(await names(condition)).toEqual(expected);
  });
});

describe('an order', () => {
  it.each([
    ['name FROM files ORDER BY name', ['A', 'a', 'b_1', 'b%', 'ﬀ', '🔑']],
    ['name FROM files ORDER BY name DESC', ['🔑', 'ﬀ', 'b_1', 'b%', 'a', 'A']],
    ['name FROM files ORDER BY size, name', ['b%', '🔑', 'a', 'ﬀ', 'A', 'b_1']],
    ['name FROM files ORDER BY size DESC', ['A', 'b_1', 'ﬀ', 'a', '🔑', 'b%']],
    ['name FROM files ORDER BY md5, size DESC', ['b_1', 'ﬀ', 'a', '🔑', 'A', 'b%']],
    ['name FROM files ORDER BY md5 DESC, size', ['🔑', 'a', 'ﬀ', 'b_1', 'b%', 'A']],
    ['name FROM files ORDER BY md5 NULLS FIRST, size DESC', ['A', 'b%', 'b_1', 'ﬀ', 'a', '🔑']],
    ['name FROM files ORDER BY md5 DESC NULLS FIRST, size', ['b%', 'A', '🔑', 'a', 'ﬀ', 'b_1']],
    ['name FROM files ORDER BY md5 DESC NULLS LAST, size', ['🔑', 'a', 'ﬀ', 'b_1', 'b%', 'A']],
    ['name, size AS s FROM files ORDER BY s, 1', ['b%', '🔑', 'a', 'ﬀ', 'A', 'b_1']],
    ['name FROM files ORDER BY size LIMIT 2 OFFSET 3', ['ﬀ', 'A']],
    ['name FROM files ORDER BY length(name) DESC, size LIMIT 2', ['b_1', 'b%']],
  ])('is kept across pages of any size: %s', async (clauses, expected) => {
    for (const maxRows of [1, 2, 4, 100]) {
      const { rows } = await select(clauses, { maxRows });
      expect(rows.map(([name]) => name)).toEqual(expected);
    }
  });
});

describe('a page', () => {
  it('that has taken too long ends early, and the next ones go on from there', async () => {
    const { rows, pages } = await select("name FROM files WHERE name = '🔑'", { waitMs: -1 });
    expect(rows).toEqual([['🔑']]);
    expect(pages).toBeGreaterThanOrEqual(LETTERS.length);
  });

  it('that counts too long goes on counting on the next one', async () => {
    const { rows, pages } = await select('count(*), count() AS n FROM files WHERE size > 1', { waitMs: -1 });
    expect(rows).toEqual([['4', '4']]);
    expect(pages).toBeGreaterThanOrEqual(LETTERS.length);
  });

  it('goes on with the scan that the one before it has left', async () => {
    const { rows, pages, scans } = await select('name FROM files WHERE size < 10', { maxRows: 1 });
    expect({ rows: rows.length, pages, scans }).toEqual({ rows: 4, pages: 5, scans: 1 });
  });

  it('begins anew at its place where no scan was left', async () => {
    const { rows, scans } = await select('name FROM files WHERE size < 10', {
      maxRows: 1,
      scans: new Forgetful(),
    });
    expect(rows.flat()).toEqual(['a', 'b%', 'ﬀ', '🔑']);
    expect(scans).toBe(5);
  });

  it('of a count is one row, and none beyond it', async () => {
    expect((await select('count(*) FROM files')).rows).toEqual([['6']]);
    expect((await select('count(*) FROM files LIMIT 0')).rows).toEqual([]);
    expect((await select('count(*) FROM files LIMIT 1 OFFSET 1')).rows).toEqual([]);
  });
});

describe('what cannot be selected', () => {
  it.each([
    ['nothing FROM files', 'Semantic', /column nothing doesn't exist/],
    ["name FROM files WHERE other = ''", 'Semantic', /column other doesn't exist/],
    ["name FROM files WHERE 'abc'", 'Semantic', /must be true or false, and this is of type String/],
    ['name FROM files WHERE md5', 'Semantic', /of type Nullable\(String\)/],
    ["name FROM files WHERE NOT 'abc'", 'Semantic', /must be true or false/],
    ["name FROM files WHERE size = 1 OR 'abc'", 'Semantic', /must be true or false/],
    ["name FROM files WHERE (name = 'a') AND (name || 'b')", 'Semantic', /must be true or false/],
    ['count(*) FROM files HAVING max(name)', 'Semantic', /must be true or false/],
    ['name FROM files ORDER BY other', 'Semantic', /column other doesn't exist/],
    ['name FROM files ORDER BY 2', 'Semantic', /ORDER BY/],
    ["name FROM files WHERE size = 'ten'", 'Semantic', /is not a number/],
    ['name FROM files WHERE name REGEXP name', 'Semantic', /string literal/],
    ['name FROM files WHERE name LIKE name', 'Semantic', /string literal/],
    [`name FROM files WHERE name LIKE '${'%a'.repeat(600)}'`, 'Semantic', /at most 1000 characters/],
    [`name FROM files WHERE name REGEXP '${'a'.repeat(1001)}'`, 'Semantic', /at most 1000 characters/],
    [`name FROM files WHERE ${'size = 1 OR '.repeat(400)} size = 2`, 'Semantic', /at most 1000 operands/],
    ["name FROM files WHERE name REGEXP '('", 'Semantic', /not a regular expression/],
    ["name FROM files WHERE name REGEXP '((a{1,100}){1,100}){1,100}'", 'Semantic', /repeats too much/],
    ['name, count(*) FROM files', 'Semantic', /GROUP BY/],
    ['* FROM files WHERE count(*) = 1', 'Semantic', /WHERE, which is evaluated for each row/],
    ['nosuch(name) FROM files', 'UnknownFunction', /nosuch/],
    ['lower() FROM files', 'UnknownFunction', /lower/],
    ['lower(name, name) FROM files', 'UnknownFunction', /lower/],
  ])('is shown at its place: %s', async (clauses, kind, message) => {
    const failure: unknown = await select(clauses).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SqlError);
    expect(failure).toMatchObject({ kind, message: expect.stringMatching(message) as string });
    expect((failure as SqlError).message).toMatch(/\^/);
  });
});

it('a cell is Databend’s text, or null', () => {
  const { count, json } = writtenRows([
    ['a', 1.5, true],
    [false, null, 0],
  ]);
  expect({ count, cells: JSON.parse(json) as unknown }).toEqual({
    count: 2,
    cells: [
      ['a', '1.5', '1'],
      ['0', null, '0'],
    ],
  });
  const time = new Date('2026-01-02T23:04:05.678Z');
  expect(timestampText(time, 'UTC')).toBe('2026-01-02 23:04:05.678000');
  expect(timestampText(time, 'Asia/Shanghai')).toBe('2026-01-03 07:04:05.678000');
});

it('rows that are written bit by bit are those that are written at once', () => {
  const rows: Row[] = [
    ['a', 1],
    ['"],[', null],
    ['\u2028', true],
  ];
  const writer = pageRows();
  expect(writer.written()).toEqual(writtenRows([]));
  for (const some of [rows.slice(0, 1), [], rows.slice(1)]) writer.add(some);
  expect(writer.written()).toEqual(writtenRows(rows));
});
