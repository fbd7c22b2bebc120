import type { Row } from '../../../../src/query/rows/table.js';
import { select } from './selected.js';

const FROM: readonly Row[] = [['dir/ünï.csv', 5, null]];

// As Databend 1.2.453 answers.
it.each([
  ["left('abc', 2)", 'ab'],
  ["left('äbc', 1)", 'ä'],
  ["left('abc', 0)", ''],
  ["left('abc', 9)", 'abc'],
  ["right('abc', 2)", 'bc'],
  ["right('abc', 0)", ''],
  ["right('😀😀b', 2)", '😀b'],
  ['right(name, 4)', '.csv'],
  ["substr('abcdef', 2)", 'bcdef'],
  ["substr('abcdef', 0, 2)", ''],
  ["substr('abcdef', -3, 2)", 'de'],
  ["substr('abcdef', -9, 2)", ''],
  ["substring('äbc', 2, 1)", 'b'],
  ["mid('abc', 9)", ''],
  ["substr(replace('a-b-c-0000', '-', ''), 4, 4)", '0000'],
  ["replace('aaa', 'a', 'bb')", 'bbbbbb'],
  ["replace('aaa', '', 'x')", 'aaa'],
  ["replace('a$b', '$', '$&')", 'a$&b'],
  ["concat('a', name, 'c')", 'adir/ünï.csvc'],
  ["'a' || 'b' || left('cd', 1)", 'abc'],
  ["split_part('a/b/c', '/', 1)", 'a'],
  ["split_part('a/b/c', '/', 0)", 'a'],
  ["split_part('a/b/c', '/', -1)", 'c'],
  ["split_part('a/b/c', '/', 4)", ''],
  ["split_part('a', 'a', 1)", ''],
  ["split_part('abc', '', 1)", 'abc'],
  ["split_part('abc', '', 2)", ''],
  ["trim('  a \t ')", 'a \t'],
  ["ltrim(' a ')", 'a '],
  ["rtrim(' a ')", ' a'],
  ["trim(BOTH 'ab' FROM 'ababcab')", 'c'],
  ["trim('a' FROM 'aaa')", ''],
  ["trim(LEADING 'dir' FROM name)", '/ünï.csv'],
  ["trim(TRAILING '.csv' FROM name)", 'dir/ünï'],
  ["trim(BOTH '' FROM 'a')", 'a'],
  ["trim(BOTH 'a' FROM md5)", null],
  ['substring(name FROM 5 FOR 3)', 'ünï'],
  ["substring('abcdef' FROM -3)", 'def'],
  ["position('.' IN name)", '8'],
  ["position('x' IN name)", '0'],
  ["position('' IN name)", '1'],
  ["locate('ï', name)", '7'],
  ["instr(name, 'ï')", '7'],
  ["reverse('äb')", 'bä'],
  ["octet_length('ä')", '2'],
  ["char_length('äb')", '2'],
  ["starts_with(name, 'dir/')", '1'],
  ["ends_with(name, '.CSV')", '0'],
  ['to_string(size)', '5'],
  ['size::string', '5'],
  ['cast(true AS varchar)', 'true'],
  ['json_extract_path_text(\'{"a":{"b":"x"}}\', \'a.b\')', 'x'],
  ['json_extract_path_text(\'{"a":{"b":1}}\', \'a\')', '{"b":1}'],
  ["json_extract_path_text('{\"a\":null}', 'a')", null],
  ['left(md5, 2)', null],
  ["concat('a', NULL)", null],
  ["replace(name, NULL, 'x')", null],
])('%s is %j', async (expression, expected) => {
  expect((await select(`${expression} FROM files`, { from: FROM })).rows).toEqual([[expected]]);
});

it('has Databend’s types', async () => {
  const { types } = await select(
    "left(name, 1), left(md5, 1), left(NULL, 1), length(md5), starts_with(name, 'a'), to_string(size), to_string(md5) FROM files",
  );
  expect(types).toEqual([
    'String',
    'Nullable(String)',
    'NULL',
    'Nullable(UInt64)',
    'Boolean',
    'String',
    'Nullable(String)',
  ]);
});

it.each([
  ["left('abc', -1)", /left\(\) takes a whole number that is not negative here, and this is of type Int8/],
  ['lower(size)', /lower\(\) takes a text here, and this is of type UInt64/],
  ["substr('a', 1.5)", /substr\(\) takes a whole number here/],
  ['name:type', /takes a Variant here, and this is of type String/],
])('%s is refused at its place', async (expression, message) => {
  const failure = select(`${expression} FROM files`);
  await expect(failure).rejects.toMatchObject({ kind: 'Semantic' });
  await expect(failure).rejects.toThrow(message);
});

it.each(["left('a')", "left('a', 1, 1)", 'concat()', 'cast(size AS int)', 'nosuch(name)'])(
  '%s is no function, and those that are are named',
  async (expression) => {
    const failure = select(`${expression} FROM files`);
    await expect(failure).rejects.toMatchObject({ kind: 'UnknownFunction' });
    await expect(failure).rejects.toThrow(/There are avg, .*split_part.*upper/);
  },
);

it('a text that grows beyond all bounds is refused before it is made', async () => {
  const grown = Array.from({ length: 8 }).reduce<string>(
    (inner) => `replace(${inner}, 'a', '${'a'.repeat(900)}')`,
    "'aaaa'",
  );
  await expect(select(`${grown} FROM files`)).rejects.toThrow(
    /the text of replace\(\) may have at most 32768/,
  );
});

it('a long row of blanks costs nothing', async () => {
  const start = performance.now();
  const text = `'a${' '.repeat(200_000)}b'`;
  const { rows } = await select(`length(rtrim(${text})), length(trim(${text})) FROM files`, { from: FROM });
  expect(rows).toEqual([['200002', '200002']]);
  expect(performance.now() - start).toBeLessThan(3000);
});
