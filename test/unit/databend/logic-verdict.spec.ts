import type { Expectation } from '../../databend/logic/logic-file.mjs';
import { differenceOf, typeNotes } from '../../databend/logic/logic-verdict.mjs';
import type { Answer } from '../../databend/query-session.mjs';

const failure = { code: 2201, message: "User 'a'@'%' does not exist." };

function answer(rows: Answer['rows'], error?: Answer['error'], columns: Answer['columns'] = []): Answer {
  return { columns, rows, error };
}

function rows(expected: string[], sort: 'nosort' | 'rowsort' | 'valuesort' = 'nosort'): Expectation {
  return { kind: 'rows', types: 'T', sort, rows: expected };
}

describe('a record that expects', () => {
  it.each<[string, Expectation, Answer, boolean]>([
    ['success and gets it', { kind: 'ok' }, answer([['1']]), true],
    ['success and gets an error', { kind: 'ok' }, answer([], failure), false],
    ['an error and gets its code', { kind: 'error', pattern: '2201' }, answer([], failure), true],
    [
      'an error and gets its text',
      { kind: 'error', pattern: 'code: 2201.*exist' },
      answer([], failure),
      true,
    ],
    ['any error and gets one', { kind: 'error', pattern: '' }, answer([], failure), true],
    ['an error and gets another one', { kind: 'error', pattern: '2202' }, answer([], failure), false],
    ['an error and gets none', { kind: 'error', pattern: '' }, answer([]), false],
    ['rows and gets an error', rows([]), answer([], failure), false],
    ['no rows and gets none', rows([]), answer([]), true],
    ['no rows and gets one', rows([]), answer([['a']]), false],
    ['a row more than it gets', rows(['a', 'b']), answer([['a']]), false],
    ['NULL and an empty text', rows(['NULL (empty) 1']), answer([[null, '', '1']]), true],
    ['cells with other blanks', rows(['a  b c']), answer([['a\n b', ' c ']]), true],
    ['rows in another order', rows(['b', 'a']), answer([['a'], ['b']]), false],
    ['rows sorted by bytes', rows(['B', 'a', 'é'], 'rowsort'), answer([['é'], ['a'], ['B']]), true],
    ['values sorted', rows(['1', '2', '3'], 'valuesort'), answer([['3', '1'], ['2']]), true],
    ['a row with an ignored cell', rows(['a <slt:ignore> c', 'd']), answer([['a', 'x y', 'c'], ['d']]), true],
    ['a row that only its ignored cell leaves', rows(['a <slt:ignore>']), answer([['b', '1']]), false],
  ])('%s', (_, expectation, got, isAsExpected) => {
    expect(differenceOf(expectation, got) === undefined).toBe(isAsExpected);
  });

  it('is told with what it got', () => {
    expect(differenceOf(rows(['a 1']), answer([['a', '2']]))).toEqual({ expected: ['a 1'], got: ['a 2'] });
    expect(differenceOf({ kind: 'error', pattern: '2202' }, answer([], failure))).toEqual({
      expected: ['error 2202'],
      got: ["code: 2201, Text: User 'a'@'%' does not exist."],
    });
  });
});

describe('the types of a query', () => {
  it.each([
    ['B', 'Nullable(Boolean)', []],
    ['T', 'String', []],
    ['I', 'UInt64', []],
    ['R', 'Decimal(10, 2)', []],
    ['?', 'String', []],
    ['T', 'Timestamp', []],
    ['I', 'String', ['c is String, not I']],
    ['T', 'Nullable(Boolean)', ['c is Nullable(Boolean), not T']],
  ])('%s and a column of type %s', (types, type, notes) => {
    const got = answer([], undefined, [{ name: 'c', type }]);
    expect(typeNotes({ kind: 'rows', types, sort: 'nosort', rows: [] }, got)).toEqual(notes);
  });
});
