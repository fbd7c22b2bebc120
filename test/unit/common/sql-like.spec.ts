import { likeMatcher } from '../../../src/common/sql-like.js';

it.each<[string, string, boolean]>([
  ['', '', true],
  ['', 'a', false],
  ['%', '', true],
  ['%', 'anything', true],
  ['a', 'a', true],
  ['a', 'A', false],
  ['a', 'ab', false],
  ['a%', 'ab', true],
  ['a%', 'ba', false],
  ['%a', 'ba', true],
  ['%a', 'ab', false],
  ['a%c', 'abbbc', true],
  ['a%c', 'abcb', false],
  ['%ab%', 'aab', true],
  ['%aab', 'aaab', true],
  ['_', '', false],
  ['_', 'a', true],
  ['_', '🎭', true],
  ['__', '🎭', false],
  ['a_c', 'abc', true],
  ['%_', '', false],
  ['a%%', 'a', true],
  [String.raw`a\%`, 'a%', true],
  [String.raw`a\%`, 'ab', false],
  [String.raw`a\_b`, 'a_b', true],
  [String.raw`a\_b`, 'axb', false],
  [String.raw`a\\`, 'a\\', true],
  [String.raw`\a`, 'a', true],
  ['a\\', 'a\\', true],
  ['.*', 'ab', false],
  ['a\nb', 'a\nb', true],
  ['%b', 'a\nb', true],
])('LIKE %j of %j is %s', (pattern, text, expected) => {
  expect(likeMatcher(pattern)(text)).toBe(expected);
});

it.each<[string, string, boolean]>([
  ['größe', 'GRÖẞE', true],
  ['ДА%', 'данные', true],
  ['größe', 'GRöße', true],
  ['a', 'b', false],
])('without regard to case, LIKE %j of %j is %s', (pattern, text, expected) => {
  expect(likeMatcher(pattern, { ignoreCase: true })(text)).toBe(expected);
  expect(likeMatcher(pattern)(text)).toBe(false);
});

it('a pattern built to explode does not', () => {
  const started = performance.now();
  expect(likeMatcher(`${'%a'.repeat(2000)}b`)('a'.repeat(4000))).toBe(false);
  expect(performance.now() - started).toBeLessThan(2000);
});
