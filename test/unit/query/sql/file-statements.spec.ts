import { ofKind } from '../../of-kind.js';
import { plain } from './plain.js';

const LISTED = { kind: 'select-files', items: [{ kind: 'all' }], orderBy: [], offset: 0 };

it.each([
  ['LIST @s', '@s'],
  ['list @~;', '@~'],
  ['LIST @s/', '@s/'],
  ['LIST @s//a//b', '@s//a//b'],
  [String.raw`LIST @s/a\ b\'c\"d\\e`, `@s/a b'c"d\\e`],
  [String.raw`LIST @s/a\d`, String.raw`@s/a\d`],
  ['LIST @s/数据%20#1?x=y&z+', '@s/数据%20#1?x=y&z+'],
  ['LIST @s/a--b/*c', '@s/a--b/*c'],
  ['LIST @s -- all', '@s'],
])('%s', (sql, location) => {
  expect(plain(sql)).toEqual({ ...LISTED, parameters: { location } });
});

it.each([
  ["LIST @s/dir PATTERN = '.*[.]csv'", '.*[.]csv'],
  [String.raw`list @s/dir pattern='\d+'`, String.raw`\d+`],
  ["LIST @s/dir PATTERN = ''", ''],
])('%s', (sql, pattern) => {
  expect(plain(sql)).toEqual({ ...LISTED, parameters: { location: '@s/dir', pattern } });
});

it.each([
  ['LIST @s/dir with spaces', '@s/dir with spaces'],
  ['LIST @~/dir (copy), 2;', '@~/dir (copy), 2'],
  ['LIST @s/a\u00a0b', '@s/a\u00a0b'],
  [String.raw`LIST @s/a\b c`, String.raw`@s/a\b c`],
  ['LIST @s/my limits', '@s/my limits'],
])('%s lists by the text as it is', (sql, location) => {
  expect(plain(sql)).toEqual({ ...LISTED, parameters: { location } });
});

it.each([
  'LIST',
  "LIST 's/x'",
  "LIST '@s'",
  'LIST @',
  'LS @s',
  "LIST @s PATTERN => 'x'",
  "LIST @s PATTERN 'x'",
  'LIST @s/dir PATTERN',
  "LIST @s/dir patern = 'x'",
  'LIST @s LIMIT 10',
  'LIST @s/dir LIMIT 10',
  'LIST @s/dir ORDER BY name',
  'LIST @s/dir WHERE size > 5',
  "LIST @s/it's here",
  'LIST @s/a;b',
  'LIST @s/a; DROP STAGE s',
  'LIST @s dir',
  'LIST @s/a\nb',
  'REMOVE @s/a b',
  "REMOVE '@s/a b'",
  'REMOVE @s/a; b',
  'REMOVE',
])('%s is refused', (sql) => {
  expect(() => plain(sql)).toThrow(ofKind('Syntax'));
});

it.each<[string, Record<string, unknown>]>([
  ['REMOVE @s', { location: '@s' }],
  ['remove @~/a.csv;', { location: '@~/a.csv' }],
  [String.raw`REMOVE @s/a\ b PATTERN = '.*'`, { location: '@s/a b', pattern: '.*' }],
])('%s', (sql, expected) => {
  expect(plain(sql)).toEqual({ kind: 'remove', ...expected });
});

it.each<[string, Record<string, unknown>]>([
  ['PRESIGN @s/a.csv', { location: '@s/a.csv' }],
  ['PRESIGN @s', { location: '@s' }],
  ['presign upload @s1/dir/f.csv', { action: 'upload', location: '@s1/dir/f.csv' }],
  ['PRESIGN UPLOAD @~//name', { action: 'upload', location: '@~//name' }],
  ['PRESIGN DOWNLOAD @s/a EXPIRE = 7200', { location: '@s/a', expiresInSeconds: 7200 }],
  ['PRESIGN DOWNLOAD @s/a EXPIRE=0x10', { location: '@s/a', expiresInSeconds: 16 }],
  ['PRESIGN @s/a EXPIRE=5 EXPIRE=6;', { location: '@s/a', expiresInSeconds: 6 }],
  [
    "PRESIGN UPLOAD @s/a EXPIRE=5 CONTENT_TYPE='text/csv'",
    { action: 'upload', location: '@s/a', expiresInSeconds: 5, contentType: 'text/csv' },
  ],
  [
    "PRESIGN UPLOAD @s/a CONTENT_TYPE = 'text/csv' EXPIRE = 5",
    { action: 'upload', location: '@s/a', expiresInSeconds: 5, contentType: 'text/csv' },
  ],
  ["PRESIGN '@s/my file (1).csv' EXPIRE=5", { location: '@s/my file (1).csv', expiresInSeconds: 5 }],
  ["PRESIGN UPLOAD '@s/it''s; x = 5'", { action: 'upload', location: "@s/it's; x = 5" }],
  [String.raw`PRESIGN @s/my\ file.csv`, { location: '@s/my file.csv' }],
  ['PRESIGN @s/a--b.csv', { location: '@s/a--b.csv' }],
  // What a client sends that uploads such a file: taken for a comment, it would replace another file.
  ['PRESIGN @s/a -- b.csv', { location: '@s/a -- b.csv' }],
  ['PRESIGN @s/a -- b.csv EXPIRE = 60', { location: '@s/a -- b.csv', expiresInSeconds: 60 }],
  ['PRESIGN @s/a EXPIRE = 60 -- a minute', { location: '@s/a', expiresInSeconds: 60 }],
  ['PRESIGN @s/a; -- done', { location: '@s/a' }],
  ['PRESIGN @s/a -- a comment\n', { location: '@s/a -- a comment' }],
  ['PRESIGN @s/a -- a comment\nEXPIRE = 60', { location: '@s/a', expiresInSeconds: 60 }],
  ["PRESIGN '@s/a' -- a comment", { location: '@s/a' }],
  ['PRESIGN @s/a /* a comment */', { location: '@s/a' }],
  ['PRESIGN @s/a;', { location: '@s/a' }],
])('%s', (sql, expected) => {
  expect(plain(sql)).toEqual({ kind: 'presign', action: 'download', ...expected });
});

// As clients send the names of files: as they are.
it.each([
  'my file (1).csv',
  'a b',
  "it's.csv",
  '"quoted".csv',
  '`back`tick',
  'a,b (c) #1 100% + [x] {y} $z ?q=1&r=2.csv',
  '数据 文件.csv',
  'naïve café.csv',
  'a b -- c.csv',
  'a /* b.csv',
  'a;b.csv',
  'a b;c.csv',
  'report 2024',
  'my EXPIRE report.csv',
  'licences that expire 2024',
  'CONTENT_TYPE of things.txt',
  String.raw`a\b c.csv`,
  'select * from t.sql',
  'x=5 y.csv',
  'a  two spaces.csv',
  'dir with space/sub dir/file name.csv',
  '😀 smile.png',
])('PRESIGN DOWNLOAD @s/%s is of exactly that file', (path) => {
  const expected = { kind: 'presign', action: 'download', location: `@s/${path}` };
  expect(plain(`PRESIGN DOWNLOAD @s/${path}`)).toEqual(expected);
  expect(plain(`presign download @s/${path} x EXPIRE = 60`)).toEqual({
    ...expected,
    location: `@s/${path} x`,
    expiresInSeconds: 60,
  });
  expect(plain(`PRESIGN @s/${path} x;`)).toEqual({ ...expected, location: `@s/${path} x` });
});

it('options behind a name with spaces may hold a semicolon', () => {
  expect(plain("PRESIGN UPLOAD @s/a b CONTENT_TYPE='text/plain; charset=utf-8' EXPIRE=5 ;")).toEqual({
    kind: 'presign',
    action: 'upload',
    location: '@s/a b',
    contentType: 'text/plain; charset=utf-8',
    expiresInSeconds: 5,
  });
});

it.each([
  'PRESIGN',
  'PRESIGN UPLOAD',
  'PRESIGN GET @s/a',
  "PRESIGN 's3://b/a'",
  'PRESIGN @',
  'PRESIGN @s a b',
  "PRESIGN @s/a EXPIRE='5'",
  'PRESIGN @s/a EXPIRE=-5',
  'PRESIGN @s/a EXPIRE=1.5',
  'PRESIGN @s/a.csv EXPIRE = abc',
  'PRESIGN @s/a b EXPIRE = abc',
  'PRESIGN @s/a b EXPIRE = 5 c',
  'PRESIGN @s/a.csv EXPIER = 60',
  "PRESIGN @s/a.csv CONTENT_TIPE = 'a/b'",
  'PRESIGN @s/a b;;',
  'PRESIGN @s/a; b',
  'PRESIGN @s/a b; DROP STAGE s',
  'PRESIGN @s/a b;DROP STAGE s',
  'PRESIGN @s/a\nb',
  'PRESIGN @s/a \u0001b',
  `PRESIGN @s/a ${'b'.repeat(5000)}`,
])('%s could mean something else, and is refused', (sql) => {
  expect(() => plain(sql)).toThrow(ofKind('Syntax'));
});

it('says what to do about a name that could be an option', () => {
  expect(() => plain('PRESIGN @s/a b = 5')).toThrow('single quotes around a location with spaces');
});
