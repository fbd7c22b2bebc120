import { parseDelimited } from '../../../console/src/preview/delimited.js';
import { parseJsonLines } from '../../../console/src/preview/json-lines.js';
import { MOST_ROWS, shortened } from '../../../console/src/preview/table-data.js';

describe('the preview of a CSV', () => {
  it.each([
    ['plain cells', 'a,b\n1,2\n', ['a', 'b'], [['1', '2']]],
    ['no line break at the end', 'a,b\n1,2', ['a', 'b'], [['1', '2']]],
    ['line breaks of Windows', 'a,b\r\n1,2\r\n', ['a', 'b'], [['1', '2']]],
    ['quotes, doubled ones, delimiters and breaks', 'a\n"x ""y"", z\n2"\n', ['a'], [['x "y", z\n2']]],
    ['a quote within a cell', 'a\n5" disk\n', ['a'], [['5" disk']]],
    ['empty cells', 'a,b\n,\n', ['a', 'b'], [['', '']]],
    ['a formula', 'a\n=1+1\n', ['a'], [['=1+1']]],
    ['a quote that is never closed', 'a\n"b,c\n', ['a'], [['b,c\n']]],
    ['nothing', '', [], []],
  ])('takes %s', (_what, text, columns, rows) => {
    expect(parseDelimited(text, ',')).toEqual({ columns, rows });
  });

  it('takes tabs', () => {
    expect(parseDelimited('a\tb,c\n1\t2\n', '\t')).toEqual({ columns: ['a', 'b,c'], rows: [['1', '2']] });
  });

  it('ends after the first rows', () => {
    expect(parseDelimited('n\n'.repeat(10_000), ',').rows).toHaveLength(MOST_ROWS);
  });
});

describe('the preview of NDJSON', () => {
  it('has a column for each field of any line', () => {
    const text = '{"a":1,"b":"x"}\n{"b":null,"c":[2]}\n';
    expect(parseJsonLines(text)).toEqual({
      columns: ['a', 'b', 'c'],
      rows: [
        ['1', 'x', ''],
        ['', 'null', '[2]'],
      ],
    });
  });

  it('shows a line that is no object as it is', () => {
    expect(parseJsonLines('{"a":1}\n{"a":\n')).toEqual({
      columns: ['a', 'line'],
      rows: [
        ['1', ''],
        ['', '{"a":'],
      ],
    });
  });

  it('takes fields that JavaScript knows otherwise', () => {
    const { columns, rows } = parseJsonLines('{"__proto__":{"x":1},"constructor":2}\n');
    expect(columns).toEqual(['__proto__', 'constructor']);
    expect(rows).toEqual([['{"x":1}', '2']]);
  });
});

it('shortens what is too much to show', () => {
  const cell = 'x'.repeat(10_000);
  const { columns, rows } = shortened({ columns: Array.from({ length: 500 }, () => 'c'), rows: [[cell]] });
  expect(columns).toHaveLength(100);
  expect(rows[0]?.[0]).toHaveLength(201);
});
