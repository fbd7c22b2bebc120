import { SafeNames } from '../../../../src/stages/archive/safe-names.js';

function taken(...names: readonly string[]): string[] {
  const safe = new SafeNames();
  return names.map((name) => safe.take(name));
}

describe('the names of an archive', () => {
  it.each([
    'a.csv',
    'dir/a b.csv',
    'été/日本/🎭.csv',
    '.hidden',
    'a..b',
    'a/..b',
    '%41',
    'ab:c',
    "it's 100%",
  ])('%j stays as it is', (name) => {
    expect(taken(name)).toEqual([name]);
  });

  it.each([
    ['../up.csv', '__/up.csv'],
    ['a/../../up.csv', 'a/__/__/up.csv'],
    ['./a', '_/a'],
    ['.../a', '___/a'],
    [' ../a', '___/a'],
    ['/etc/passwd', '_/etc/passwd'],
    ['a//b', 'a/_/b'],
    ['dir/', 'dir/_'],
    ['..\\up.csv', '.._up.csv'],
    ['\\\\host\\share', '__host_share'],
    ['C:/x', 'C_/x'],
    ['c:x', 'c_x'],
    ['a/d:/x', 'a/d_/x'],
    ['a\nb\0c', 'a_b_c'],
    ['bytes\uFDD0FF\uFDD0C3', 'bytes%FF%C3'],
  ])('%j, which would leave the folder or cannot be, becomes %j', (name, safe) => {
    expect(taken(name)).toEqual([safe]);
  });

  it.each<[string, readonly string[], readonly string[]]>([
    ['case', ['A.csv', 'a.csv'], ['A.csv', 'a~2.csv']],
    ['case of a directory', ['Dir/a', 'dir/A'], ['Dir/a', 'dir/A~2']],
    ['accents', ['\u00e9.csv', 'e\u0301.csv'], ['\u00e9.csv', 'e\u0301~2.csv']],
    ['an invisible character', ['a', 'a\u200b'], ['a', 'a\u200b~2']],
    ['a dot at the end', ['a', 'a.'], ['a', 'a~2.']],
    ['a dot at the end of a directory', ['a/b', 'a./b'], ['a/b', 'a./b~2']],
    ['what was made safe', ['..\\a', '.._a'], ['.._a', '.._a~2']],
    ['a number that is taken', ['a~2', 'A', 'a'], ['a~2', 'A', 'a~3']],
  ])('two that differ in %s are two files', (_what, names, safe) => {
    expect(taken(...names)).toEqual(safe);
  });

  it('of twenty thousand that fold into one are all different', () => {
    const names = Array.from({ length: 20_000 }, (_, number) =>
      Array.from('abcdefghijklmno', (letter, bit) =>
        (number >> bit) & 1 ? letter.toUpperCase() : letter,
      ).join(''),
    );
    const folded = taken(...names).map((name) => name.toLowerCase());
    expect(new Set(folded).size).toBe(names.length);
  });

  it('a directory of the name of a file gets another name, and a file of that of a directory', () => {
    expect(taken('a', 'a/b', 'a/c', 'A/d/e')).toEqual(['a', 'a~2/b', 'a~2/c', 'A~2/d/e']);
    expect(taken('A/b', 'a')).toEqual(['A/b', 'a~2']);
  });

  it('the files of a directory that gets another name stay together', () => {
    expect(taken('x', 'x/1', 'X~2', 'x~3', 'x/2')).toEqual(['x', 'x~2/1', 'X~2~2', 'x~3', 'x~2/2']);
  });
});
