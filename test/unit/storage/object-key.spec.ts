import { isTraversal, objectKey } from '../../../src/storage/contract/object-key.js';
import { StorageError } from '../../../src/storage/contract/storage-error.js';
import { ofKind } from '../of-kind.js';

describe('an object key', () => {
  it.each([
    'a',
    'books.parquet',
    'dir/sub/books.parquet',
    '.hidden/.file',
    '...',
    '..a/b..',
    'a b/c d',
    'dt=2024-01-01/part 0',
    'back\\slash',
    'C',
    'ab:c',
    'C:',
    'a:b.csv',
    's:2026.csv',
    'dir/C:/x',
    '100%/a%2Fb',
    '日本/🎭',
    'e\u0301',
    '\u{10FFFF}',
    '__proto__',
    'c'.repeat(255),
    '日'.repeat(85),
    `${'x/'.repeat(511)}yz`,
  ])('%j passes as it is', (text) => {
    expect(objectKey(text)).toBe(text);
  });

  it.each([
    ['', 'must name a file'],
    ['/', 'may not begin with a slash'],
    ['/a', 'may not begin with a slash'],
    ['a/', 'not a directory'],
    ['a//b', 'empty components'],
    ['.', "'.' or '..'"],
    ['..', "'.' or '..'"],
    ['../a', "'.' or '..'"],
    ['a/../b', "'.' or '..'"],
    ['a/./b', "'.' or '..'"],
    ['a/..', "'.' or '..'"],
    ['a\\..\\b', "'.' or '..'"],
    ['a/b\\..', "'.' or '..'"],
    ['\\\\server\\share', 'backslash'],
    ['\\a', 'backslash'],
    ['c:\\a', 'drive letter'],
    ['Z:/a', 'drive letter'],
    ['a\0b', 'control characters'],
    ['a\nb', 'control characters'],
    ['a\x7f', 'control characters'],
    ['a\u0085b', 'control characters'],
    [' a', 'white space'],
    ['a ', 'white space'],
    ['a /b', 'white space'],
    ['a/\u3000b', 'white space'],
    ['a/ /b', 'white space'],
    ['a\ud800', 'valid UTF-8'],
    ['\udc00/a', 'valid UTF-8'],
    ['a\ufffd', 'valid UTF-8'],
    ['a\ufdd0', 'U+FDD0'],
    ['c'.repeat(256), '255 bytes'],
    [`a/${'日'.repeat(86)}`, '255 bytes'],
    [`${'x/'.repeat(512)}y`, '1024 bytes'],
  ])('%j is refused', (text, message) => {
    const make = (): string => objectKey(text);
    expect(make).toThrow(message);
    expect(make).toThrow(ofKind('InvalidKey'));
    expect(make).toThrow(StorageError);
  });

  it('that is refused is shown in part, and escaped', () => {
    const long = `\u001b[31m\0${'x'.repeat(5000)}`;
    let message = '';
    try {
      objectKey(long);
    } catch (error) {
      message = (error as StorageError).message;
    }
    expect(message.length).toBeLessThan(200);
    expect(message).toContain('\\u001b');
    expect(message).not.toMatch(/[\u0000-\u001f]/);
  });
});

it.each([
  ['.', true],
  ['..', true],
  ['...', false],
  ['.a', false],
  ['', false],
])('the component %j leads upwards or nowhere: %s', (component, expected) => {
  expect(isTraversal(component)).toBe(expected);
});
