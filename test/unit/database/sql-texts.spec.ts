import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { sql } from '../../../src/database/sql.js';

const SOURCES = resolve(import.meta.dirname, '../../../src');
/** A call of `sql` up to the end of its text; its type, if it has one, may go over lines. */
const CALL = /\bsql(?:<[^;`'"]*?>)?\(\s*(`[^`]*`|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")/g;
/** What is no place of a value: literals, names in quotes, and comments. */
const QUOTED = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[^]*?\*\//g;

function textsIn(file: string): readonly string[] {
  const source = readFileSync(join(SOURCES, file), 'utf8');
  return [...source.matchAll(CALL)].map(([, literal = '']) => literal.slice(1, -1));
}

const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
);
const texts = files.flatMap((file) => textsIn(file).map((text) => [file, text] as const));

const quotedPlaces = (text: string): readonly string[] =>
  [...text.matchAll(QUOTED)].map(([quoted]) => quoted).filter((quoted) => quoted.includes('?'));

it('every text of SQL in the sources is found', () => {
  const calls = files.flatMap((file) => [
    ...readFileSync(join(SOURCES, file), 'utf8').matchAll(/\bsql(?:<[^;`'"()]*>)?\((?!text)/g),
  ]);
  // Those that are given a variable instead of a text are in copies and in the declaration of `sql` only.
  const variables = files.flatMap((file) => [
    ...readFileSync(join(SOURCES, file), 'utf8').matchAll(/\bsql(?:<[^;`'"()]*>)?\(\s*[a-z]/gi),
  ]);
  expect(texts.length).toBeGreaterThan(40);
  expect(calls.length - texts.length).toBeLessThanOrEqual(variables.length);
});

it.each(texts)('%s: each ? of %j is the place of a value', (_file, text) => {
  expect(quotedPlaces(text)).toEqual([]);
});

it.each(["SELECT '?'", 'SELECT "a?"', "SELECT 'it''s ?'", 'SELECT 1 -- why?', 'SELECT /* ? */ 1'])(
  'a ? in quotes or in a comment is noticed, as in %s',
  (text) => {
    expect(quotedPlaces(text)).toHaveLength(1);
  },
);

it('the places of values are numbered in their order for PostgreSQL', () => {
  const { text, numbered } = sql(`SELECT a FROM b WHERE c = ? AND d IN (?, ?)${' OR e = ?'.repeat(9)}`);
  expect(text.split('?')).toHaveLength(13);
  expect(numbered.match(/\$\d+/g)).toEqual(Array.from({ length: 12 }, (_, at) => `$${String(at + 1)}`));
});

it('the name of a text is short, its own, and always the same', () => {
  const names = texts.map(([, text]) => sql(text).name);
  expect(new Set(names).size).toBe(new Set(texts.map(([, text]) => text)).size);
  for (const name of names) expect(Buffer.byteLength(name)).toBeLessThan(64); // PostgreSQL cuts longer ones
  expect(sql('SELECT 1').name).toBe(sql('SELECT 1').name);
});
