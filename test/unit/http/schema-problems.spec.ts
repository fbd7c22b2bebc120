import { z } from 'zod';
import { schemaProblems } from '../../../src/http/request/schema-problems.js';

const SCHEMA = z.strictObject({
  name: z.string(),
  count: z.number().int().min(1).max(9).optional(),
  kind: z.enum(['A', 'B']).optional(),
  flag: z.boolean().optional(),
  options: z.record(z.string(), z.union([z.string(), z.boolean()])).optional(),
  own: z.string('must be written so').optional(),
});

function problemsOf(value: unknown): string {
  const { error } = SCHEMA.safeParse(value, { reportInput: true });
  return error === undefined ? '' : schemaProblems(error, SCHEMA);
}

// A reported case: bare refusals, library words.
it.each<[unknown, string]>([
  [{}, 'name: is missing: it must be a string'],
  [{ name: null }, 'name: must be a string, not null'],
  [{ name: 1 }, 'name: must be a string, not a number'],
  [{ name: ['a'] }, 'name: must be a string, not an array'],
  [{ name: 'a', count: '1' }, 'count: must be a number, not a string'],
  [{ name: 'a', count: 1.5 }, 'count: must be a whole number'],
  [JSON.parse('{"name":"a","count":1e400}'), 'count: must be a finite number'],
  [JSON.parse('{"name":1e400}'), 'name: must be a string, not a number'],
  [{ name: 'a', count: 0 }, 'count: must be 1 or more'],
  [{ name: 'a', count: 10 }, 'count: must be 9 or less'],
  [{ name: 'a', kind: 'C' }, 'kind: must be one of A, B'],
  [{ name: 'a', flag: 'yes' }, 'flag: must be true or false, not a string'],
  [{ name: 'a', options: 'x' }, 'options: must be an object, not a string'],
  [{ name: 'a', options: { x: 1 } }, 'options.x: must be a string or true or false, not a number'],
  [{ name: 'a', own: 1 }, 'own: must be written so'],
  [{ name: 'a', x: 1 }, 'x is unknown here: it takes name, count, kind, flag, options, own'],
  [{ name: 'a', x: 1, y: 2 }, 'x, y are unknown here: it takes name, count, kind, flag, options, own'],
  [[], 'The body must be an object, not an array'],
  [null, 'The body must be an object, not null'],
  [{ count: 0 }, 'name: is missing: it must be a string; count: must be 1 or more'],
])('what is wrong with %j is told as: %s', (value, expected) => {
  expect(problemsOf(value)).toBe(expected);
});

it('no value is repeated, which may be a secret', () => {
  expect(problemsOf({ name: 1234567, kind: 'hush', options: { x: ['hush'] } })).not.toMatch(/hush|1234567/);
});
