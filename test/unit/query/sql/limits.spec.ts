import { performance } from 'node:perf_hooks';
import type { Expression } from '../../../../src/query/sql/ast.js';
import { parseStatement } from '../../../../src/query/sql/parser.js';
import { parsedAs } from './plain.js';

const FILES = "SELECT * FROM list_stage(location => '@s') WHERE ";
/** A busy machine is several times slower than the parser needs. */
const GENEROUS_MS = 3000;

function timed(sql: string): { message: string; milliseconds: number } {
  const start = performance.now();
  let message = '';
  try {
    parseStatement(sql);
  } catch (error) {
    expect(error).toMatchObject({ name: 'SqlError', kind: 'Syntax' });
    message = String(error);
  }
  return { message, milliseconds: performance.now() - start };
}

it.each([['SELECT '], [FILES], ['SHOW STAGES WHERE '], ['SELECT a IN ']])(
  '100,000 parentheses behind %s are too deep, at once',
  (beginning) => {
    for (const sql of [
      beginning + '('.repeat(100_000),
      `${beginning}${'('.repeat(100_000)}1${')'.repeat(100_000)}`,
    ]) {
      const { message, milliseconds } = timed(sql);
      expect(message).toContain('this is nested too deeply: at most 200 levels are allowed');
      expect(milliseconds).toBeLessThan(GENEROUS_MS);
    }
  },
);

it.each([
  ['NOT ', 'nested too deeply'],
  ['- ', 'nested too deeply'],
  ['lower(', 'nested too deeply'],
  ['CAST(', 'nested too deeply'],
  ['1 + ', 'too many operators'],
  ['1 AND ', 'too many words'],
  ['1, ', 'too many words'],
])('100,000 times %j is refused, at once', (piece, expected) => {
  const { message, milliseconds } = timed(`SELECT ${piece.repeat(100_000)}1`);
  expect(message).toContain(expected);
  expect(milliseconds).toBeLessThan(GENEROUS_MS);
});

it('150 levels are not too deep, and 1,000 operators not too many', () => {
  expect(parseStatement(`SELECT ${'('.repeat(150)}1${')'.repeat(150)}`).kind).toBe('select-values');
  expect(parseStatement(`SELECT ${'1 || '.repeat(1000)}1`).kind).toBe('select-values');
});

it('no tree is deeper than a stack', () => {
  const nested = `${'('.repeat(190)}1${' || 1)'.repeat(190)}${' || 1'.repeat(800)}`;
  const { items } = parsedAs('select-values', `SELECT ${nested}`);
  const depth = (expression: Expression): number =>
    expression.kind === 'call' ? 1 + Math.max(0, ...expression.arguments.map(depth)) : 1;
  expect(items.map(({ value }) => depth(value))).toEqual([991]);
});

it('the statements of list_stage may name thousands of files', () => {
  const names = Array.from({ length: 10_000 }, (_, index) => `'file ${String(index)}.csv'`);
  expect(parseStatement(`${FILES}name IN (${names.join(', ')})`).kind).toBe('select-files');
});

const MEGABYTE = 1_000_000;

it.each([
  ['a string', `SELECT '${'a'.repeat(MEGABYTE)}'`],
  ['escapes', `SELECT '${'\\n'.repeat(MEGABYTE / 2)}'`],
  ['a string without end', `SELECT '${'a'.repeat(MEGABYTE)}`],
  ['a word', 'x'.repeat(MEGABYTE)],
  ['letters beyond ASCII', `SELECT ${'数'.repeat(MEGABYTE)}`],
  ['a location', `LIST @s/${'x'.repeat(MEGABYTE)}`],
  ['escaped spaces', `LIST @s/${'\\ '.repeat(MEGABYTE / 2)}`],
  ['comments', `${'/**/'.repeat(MEGABYTE / 4)}SELECT 1`],
  ['lines', `${'\n'.repeat(MEGABYTE)}x`],
  ['blanks', ' '.repeat(MEGABYTE)],
  ['options of PRESIGN', `PRESIGN @s/a b ${'EXPIRE = 1 '.repeat(MEGABYTE / 11)}`],
  ['options of a connection', `CREATE STAGE s 's3://b/' CONNECTION=(${"a='b' ".repeat(MEGABYTE / 6)}`],
  ['columns', `SELECT ${'a, '.repeat(MEGABYTE / 3)}b FROM system.tables`],
  ['values', `${FILES}name IN (${"'a',".repeat(MEGABYTE / 4)}'b')`],
  ['schemes', `CREATE STAGE s ${'://'.repeat(MEGABYTE / 3)}`],
  ['schemes in a string', `CREATE STAGE s URL = '${'://'.repeat(MEGABYTE / 3)}' oops`],
  ['names of secrets', `SELECT ${'@a_key '.repeat(MEGABYTE / 7)}`],
  ['rows', `INSERT INTO t VALUES ${"('a'),".repeat(MEGABYTE / 6)}`],
])('a megabyte of %s is answered soon and shortly', (_what, sql) => {
  const best = Math.min(...Array.from({ length: 3 }, () => timed(sql).milliseconds));
  expect(best).toBeLessThan(GENEROUS_MS);
  expect(timed(sql).message.length).toBeLessThan(2000);
});

it('refuses what is longer than any statement without reading it', () => {
  const { message, milliseconds } = timed(`SELECT ${'1,'.repeat(5 * MEGABYTE)}1`);
  expect(message).toContain('this statement is too long: at most 2097152 characters are allowed');
  expect(milliseconds).toBeLessThan(GENEROUS_MS);
});
