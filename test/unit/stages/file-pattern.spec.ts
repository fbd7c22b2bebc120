import { FilePattern } from '../../../src/stages/files/file-pattern.js';
import { ofKind } from '../of-kind.js';

it.each([
  ['.*', 'dir/a.csv', true],
  ['.*', '', true],
  ['', '', true],
  ['', 'a', false],
  ['a', 'a', true],
  ['a', 'ab', false],
  ['b', 'ab', false],
  ['.*[.]csv', 'dir/a.csv', true],
  ['.*[.]csv', 'a.csv.gz', false],
  ['a|ab', 'ab', true],
  ['a|b.*', 'abc', false],
  ['^a$', 'a', true],
  ['(?i).*[.]CSV', 'a.csv', true],
  ['.', '🎭', true],
  ['..', '🎭', false],
  ['日.+', '日本', true],
  [String.raw`part-\d{3}`, 'part-007', true],
  [String.raw`part-\d{3}`, 'part-07', false],
  ['a.b', 'a\nb', false],
])('/%s/ on %j: %s', (source, name, expected) => {
  expect(new FilePattern(source).matches(name)).toBe(expected);
});

it.each([
  ['(', 'Pattern format invalid'],
  ['[', 'Pattern format invalid'],
  ['*', 'Pattern format invalid'],
  [String.raw`(a)\1`, 'Pattern format invalid'],
  ['(?=a)', 'Pattern format invalid'],
  ['x'.repeat(1001), '1000 characters'],
  ['(a{100}){100}', ''],
  ['((a{10}){10}){10}{3}', ''],
])('/%s/ is refused', (source, message) => {
  const compile = (): unknown => new FilePattern(source);
  expect(compile).toThrow(ofKind('InvalidPattern'));
  expect(compile).toThrow(message);
});

it.each(['(a+)+b', '(a|a)*b', '(.*a){20}b', '(a*)*b'])('/%s/ hangs nobody on the longest name', (source) => {
  const name = 'a'.repeat(1024);
  const start = performance.now();
  expect(new FilePattern(source).matches(name)).toBe(false);
  expect(performance.now() - start).toBeLessThan(1000);
});
