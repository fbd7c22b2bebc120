import { attachment, fileNameOf, shortened } from '../../../src/stages/files/content-disposition.js';

// A reported case: presigned URL under `curl -OJ`.
it.each([
  ['dir/books.parquet', 'books.parquet', 'books.parquet'],
  ['a b.csv', 'a b.csv', 'a%20b.csv'],
  ["it's (1)*.csv", "it's (1)*.csv", 'it%27s%20%281%29%2A.csv'],
  ['"quoted";x=y.csv', '_quoted_;x=y.csv', '%22quoted%22%3Bx%3Dy.csv'],
  [String.raw`a\b.csv`, 'a_b.csv', 'a%5Cb.csv'],
  ['100%.csv', '100%.csv', '100%25.csv'],
  ['new\nline', 'new_line', 'new%0Aline'],
  ['日本/東京.csv', '__.csv', '%E6%9D%B1%E4%BA%AC.csv'],
  ['🎭', '_', '%F0%9F%8E%AD'],
])('%j is saved under a plain name and an exact one', (path, plain, exact) => {
  expect(attachment(path)).toBe(`attachment; filename="${plain}"; filename*=UTF-8''${exact}`);
});

it.each([
  ['dir/..', 'dir'],
  ['report/', 'report'],
  [' / ', 'file'],
  ['', 'file'],
  ['a/.hidden', '.hidden'],
])('what others have named %j is called %j', (path, name) => {
  expect(fileNameOf(path)).toBe(name);
});

it.each([
  ['x'.repeat(300) + '.csv', 'x'.repeat(196) + '.csv'],
  ['x'.repeat(300), 'x'.repeat(200)],
  ['short.csv', 'short.csv'],
])('a name of too many characters keeps its extension: %j', (name, expected) => {
  expect(shortened(Array.from(name))).toBe(expected);
});

it('a name is never cut inside of a character', () => {
  expect(shortened(['%E6%9D%B1', '%E4%BA%AC', '.csv'], 16)).toBe('%E6%9D%B1.csv');
});
