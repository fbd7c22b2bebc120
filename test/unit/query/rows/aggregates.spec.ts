import type { Row } from '../../../../src/query/rows/table.js';
import { SqlError } from '../../../../src/query/sql/sql-error.js';
import { LETTERS, select } from './selected.js';

// LETTERS: A 10 NULL, a 2 x, b_1 10 Y, b% 0 NULL, ﬀ 7 x, 🔑 1 z

describe('an aggregate without GROUP BY is one row', () => {
  it.each<[string, (string | null)[]]>([
    ['count(*), count(), count(size), count(md5)', ['6', '6', '6', '4']],
    ['sum(size), min(size), max(size), avg(size)', ['30', '0', '10', '5.0']],
    ['min(name), max(name), min(md5), max(md5)', ['A', '🔑', 'Y', 'z']],
    ["count_if(md5 = 'x'), count_if(size > 5 AND md5 IS NULL), count_if(NULL = 1)", ['2', '1', '0']],
    ['sum(length(name)), max(upper(md5)), upper(max(md5))', ['9', 'Z', 'Z']],
    ["1, 'x', sum(size) > 20, NOT max(size) = 10", ['1', 'x', '1', '0']],
    ['sum(NULL), max(NULL), count(NULL)', [null, null, '0']],
  ])('%s', async (items, expected) => {
    expect((await select(`${items} FROM files`)).rows).toEqual([expected]);
  });

  it.each([
    ['sum(size) FROM files WHERE size > 5', [['27']]],
    ['sum(size), avg(size), max(name), count(*) FROM files WHERE false', [[null, null, null, '0']]],
    ['count(*) FROM files HAVING count(*) > 5', [['6']]],
    ['count(*) FROM files HAVING count(*) > 6', []],
    ['count(*) AS n FROM files HAVING n = 6 ORDER BY n DESC', [['6']]],
    ['count(*) FROM files LIMIT 0', []],
    ['count(*) FROM files OFFSET 1', []],
    ['max(size) FROM files GROUP BY ALL', [['10']]],
  ])('%s', async (clauses, expected) => {
    expect((await select(clauses)).rows).toEqual(expected);
  });

  it('has Databend’s types', async () => {
    const { types } = await select(
      'count(*), count_if(true), sum(size), sum(-1), avg(size), min(size), max(md5), max(name) FROM files',
    );
    expect(types).toEqual([
      'UInt64',
      'UInt64',
      'Nullable(UInt64)',
      'Nullable(Int64)',
      'Nullable(Float64)',
      'Nullable(UInt64)',
      'Nullable(String)',
      'Nullable(String)',
    ]);
  });

  it('goes on adding up on the next page where the time is over', async () => {
    const { rows, pages } = await select(
      "sum(size), avg(size), min(name), max(md5), count_if(md5 = 'x') FROM files WHERE size > 0",
      { waitMs: -1 },
    );
    expect(rows).toEqual([['30', '6.0', 'A', 'z', '2']]);
    expect(pages).toBeGreaterThanOrEqual(LETTERS.length);
  });

  it('ends on one page where a cursor could not carry what it has seen', async () => {
    const from: Row[] = ['a', 'b', 'c'].map((letter) => [letter.repeat(1001), 1, letter.repeat(1001)]);
    const { rows, pages } = await select('min(name), max(name) FROM files', { from, waitMs: -1 });
    expect(rows).toEqual([['a'.repeat(1001), 'c'.repeat(1001)]]);
    expect(pages).toBe(1);
  });

  it('adds up exactly what is greater than numbers are exact', async () => {
    const from: Row[] = [
      ['a', Number.MAX_SAFE_INTEGER, null],
      ['b', Number.MAX_SAFE_INTEGER, null],
      ['c', 3, null],
    ];
    for (const waitMs of [60_000, -1]) {
      const { rows } = await select('sum(size), sum(size) > 9007199254740991 FROM files', { from, waitMs });
      expect(rows).toEqual([['18014398509481985', '1']]);
    }
  });
});

describe('GROUP BY', () => {
  it.each<[string, (string | null)[][]]>([
    [
      'md5, count(*) FROM files GROUP BY md5',
      [
        ['Y', '1'],
        ['x', '2'],
        ['z', '1'],
        [null, '2'],
      ],
    ],
    [
      'left(name, 1) AS l, sum(size) FROM files GROUP BY l ORDER BY 2 DESC, l',
      [
        ['A', '10'],
        ['b', '10'],
        ['ﬀ', '7'],
        ['a', '2'],
        ['🔑', '1'],
      ],
    ],
    [
      'lower(left(name, 1)), count(*) FROM files GROUP BY 1 HAVING count(*) > 1',
      [
        ['a', '2'],
        ['b', '2'],
      ],
    ],
    [
      'size > 5, md5 IS NULL, count(*) FROM files GROUP BY 2, size > 5 ORDER BY 3 DESC, 1',
      [
        ['0', '0', '2'],
        ['1', '0', '2'],
        ['0', '1', '1'],
        ['1', '1', '1'],
      ],
    ],
    ['upper(md5) FROM files GROUP BY md5 ORDER BY max(size) DESC, sum(size) LIMIT 2', [['Y'], [null]]],
    [
      'md5, size, count(*) FROM files WHERE md5 IS NOT NULL GROUP BY ALL ORDER BY size LIMIT 1 OFFSET 1',
      [['x', '2', '1']],
    ],
    ['* FROM files GROUP BY name, size, md5 HAVING size = 7', [['ﬀ', '7', 'x']]],
    ['name FROM files WHERE false GROUP BY name', []],
    ["'k', count(*) FROM files GROUP BY 'k'", [['k', '6']]],
    ['avg(size) FROM files GROUP BY md5 ORDER BY avg(size) DESC, md5', [['10.0'], ['5.0'], ['4.5'], ['1.0']]],
    ["md5 FROM files GROUP BY md5 HAVING md5 IN ('x', 'z') AND max(size) < 5", [['z']]],
  ])('%s', async (clauses, expected) => {
    for (const maxRows of [1, 3, 100]) {
      expect((await select(clauses, { maxRows })).rows).toEqual(expected);
    }
  });

  it('reads its table once, whatever the number of pages', async () => {
    const { pages, scans } = await select('name FROM files GROUP BY name', { maxRows: 1 });
    expect({ pages, scans }).toEqual({ pages: LETTERS.length + 1, scans: 1 });
  });

  it('orders sums by their value, also beyond exact numbers, and keeps its place there', async () => {
    const from: Row[] = [
      ['a', Number.MAX_SAFE_INTEGER, 'big'],
      ['b', 5, 'big'],
      ['c', Number.MAX_SAFE_INTEGER, 'bigger'],
      ['d', 6, 'bigger'],
      ['e', 4, 'small'],
      ['f', 30, 'less small'],
    ];
    for (const maxRows of [1, 100]) {
      const { rows } = await select('md5, sum(size) AS s FROM files GROUP BY md5 ORDER BY s', {
        from,
        maxRows,
      });
      expect(rows).toEqual([
        ['small', '4'],
        ['less small', '30'],
        ['big', '9007199254740996'],
        ['bigger', '9007199254740997'],
      ]);
    }
  });
});

describe('a group too many', () => {
  const rows = (count: number): Row[] =>
    Array.from({ length: count }, (_, index) => [String(index).padStart(6, '0'), index, null]);

  it('is refused: 10,000 are the most', async () => {
    const most = await select('size FROM files GROUP BY size', { from: rows(10_000), maxRows: 10_000 });
    expect(most.rows).toHaveLength(10_000);
    const more = select('name, count(*) FROM files GROUP BY name', { from: rows(10_001) });
    await expect(more).rejects.toThrow(/\^+ these are more than 10000 groups: narrow them down by WHERE/);
  });

  it('and so is too much text', async () => {
    const wide = `concat(name, '${'x'.repeat(30_000)}')`;
    const clauses = `count(*) FROM files GROUP BY ${wide}`;
    await expect(select(clauses, { from: rows(2000) })).rejects.toThrow(/these groups hold too much text/);
  });
});

describe('what cannot be grouped', () => {
  it.each([
    [
      'name, count(*) FROM files',
      /column "name" must appear in the GROUP BY clause or be used in an aggregate/,
    ],
    ['* FROM files GROUP BY name', /column "size" must appear in the GROUP BY/],
    ['name FROM files GROUP BY upper(name)', /column "name" must appear/],
    ['count(*) FROM files GROUP BY 2', /GROUP BY a position needs/],
    ['count(*) FROM files GROUP BY count(*)', /GROUP BY items can't contain aggregate functions/],
    ['count(*) AS c FROM files GROUP BY c', /GROUP BY items can't contain aggregate functions/],
    ['sum(sum(size)) FROM files', /aggregate function calls cannot be nested/],
    ['name FROM files WHERE max(size) = 1', /cannot stand in WHERE/],
    ['sum(name) FROM files', /sum does not support type 'String'/],
    ['avg(md5) FROM files', /avg does not support type 'Nullable\(String\)'/],
    ['count_if(size) FROM files', /must be a condition/],
    ['count(*) FROM files GROUP BY nothing', /column nothing doesn't exist/],
    ['count(*) AS a FROM files HAVING b = 1', /column "b" must appear/],
    ['max(size) AS a, a AS b, b AS c FROM files', /column "a" must appear/],
    [
      `${Array.from({ length: 65 }, (_, index) => `count_if(size = ${String(index)})`).join(', ')} FROM files`,
      /64 in all/,
    ],
  ])('is shown at its place: %s', async (clauses, message) => {
    const failure: unknown = await select(clauses).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(SqlError);
    expect(failure).toMatchObject({ kind: 'Semantic', message: expect.stringMatching(message) as string });
  });

  it.each([['sum() FROM files'], ['sum(size, size) FROM files'], ['median(size) FROM files']])(
    'is no function: %s',
    async (clauses) => {
      await expect(select(clauses)).rejects.toMatchObject({ kind: 'UnknownFunction' });
    },
  );
});
