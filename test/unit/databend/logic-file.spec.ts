import { readLogicFile } from '../../databend/logic/logic-file.mjs';

const NAME = 'suites/a.test';

/** What is read of a file of these lines, and of others beside it. */
function read(lines: readonly string[], others: Readonly<Record<string, string>> = {}) {
  const files = new Map(Object.entries({ ...others, [NAME]: lines.join('\n') }));
  return readLogicFile(NAME, (file) => files.get(file) ?? '');
}

describe('a file of logic tests', () => {
  it('has statements that succeed, over several lines, with the line that each begins in', () => {
    const records = read([
      '# what it is about',
      '',
      'statement ok',
      'SELECT 1,',
      '2;',
      '',
      'statement ok',
      'SELECT 3',
    ]);
    expect(records).toMatchObject([
      { file: NAME, line: 3, sql: 'SELECT 1,\n2;', expectation: { kind: 'ok' }, connection: 'default' },
      { line: 7, sql: 'SELECT 3' },
    ]);
  });

  it.each([
    ['statement error 2201', '2201'],
    ['statement error', ''],
    ['statement error 1005.*near the end', '1005.*near the end'],
    ['query error 1065', '1065'],
  ])('has errors: %s', (line, pattern) => {
    expect(read([line, 'SELECT x'])).toMatchObject([{ expectation: { kind: 'error', pattern } }]);
  });

  it('has rows, up to an empty line', () => {
    const lines = ['query TI', 'SELECT name, size', '----', 'a 1', 'b 2', '', 'statement ok', 'SELECT 1'];
    expect(read(lines).map(({ expectation }) => expectation)).toEqual([
      { kind: 'rows', types: 'TI', sort: 'nosort', rows: ['a 1', 'b 2'] },
      { kind: 'ok' },
    ]);
  });

  it.each([
    ['an empty result', ['query T', 'LIST @a', '----', '', 'statement ok', 'SELECT 1']],
    ['no result', ['query T', 'LIST @a', '', 'statement ok', 'SELECT 1']],
  ])('expects no rows where it has %s', (_, lines) => {
    expect(read(lines)).toMatchObject([
      { expectation: { rows: [] } },
      { line: lines.indexOf('statement ok') + 1 },
    ]);
  });

  it.each([
    ['query T rowsort', 'rowsort'],
    ['query T valuesort label', 'valuesort'],
    ['query T label', 'nosort'],
  ])('says how rows are sorted: %s', (line, sort) => {
    expect(read([line, 'LIST @a'])).toMatchObject([{ expectation: { sort } }]);
  });

  it('sorts as it says for all that follow', () => {
    const lines = ['control sortmode rowsort', '', 'query T', 'LIST @a', '', 'query T nosort', 'LIST @a'];
    expect(read(lines)).toMatchObject([
      { expectation: { sort: 'rowsort' } },
      { expectation: { sort: 'nosort' } },
    ]);
  });

  it('runs what is for HTTP, and leaves out what is not', () => {
    const records = ['onlyif mysql', 'skipif http', 'skipif mysql', 'onlyif http', ''].flatMap(
      (condition) => [condition, 'statement ok', `SELECT '${condition}'`, ''],
    );
    expect(read(records).map(({ sql }) => sql)).toEqual([
      "SELECT 'skipif mysql'",
      "SELECT 'onlyif http'",
      "SELECT ''",
    ]);
  });

  it('names a connection for one record', () => {
    const lines = ['connection other', 'statement ok', 'SELECT 1', '', 'statement ok', 'SELECT 2'];
    expect(read(lines).map(({ connection }) => connection)).toEqual(['other', 'default']);
  });

  it('includes another one at its place, and ends where it says so', () => {
    const lines = [
      'include ./b.test',
      '',
      'statement ok',
      'SELECT 2',
      '',
      'halt',
      '',
      'statement ok',
      'SELECT 3',
    ];
    const others = { 'suites/b.test': 'statement ok\nSELECT 1\n' };
    expect(read(lines, others)).toMatchObject([
      { file: 'suites/b.test', line: 1, sql: 'SELECT 1' },
      { file: NAME, sql: 'SELECT 2' },
    ]);
  });

  it.each([
    ['system ok', 'echo 1'],
    ['hash-threshold 8', ''],
    ['statement count 3', 'SELECT 1'],
    ['statement ok', ''],
    ['statement ok retry 3 backoff 1s', 'SELECT 1'],
  ])('is refused for what this reader does not know: %s', (line, next) => {
    expect(() => read(['', line, next])).toThrow(`${NAME}:2: this runner does not know: ${line}`);
  });
});
