import { decodeCursor, encodeCursor } from '../../../src/stages/files/list-cursor.js';
import { ofKind } from '../of-kind.js';

const text = (value: string): string => Buffer.from(value).toString('base64url');

it.each(['a', 'dir/a b.csv', '日本/🎭', '"quoted"\\', 'a\u2028b', '\ufffd', 'x'.repeat(1024)])(
  'the cursor after %j comes back, and needs no escaping in a URL',
  (name) => {
    expect(encodeCursor(name)).toMatch(/^[A-Za-z0-9_-]+$/);
    expect(decodeCursor(encodeCursor(name))).toBe(name);
  },
);

it.each([
  ['nothing', ''],
  ['a name', 'books.parquet'],
  ['no JSON', text('{')],
  ['no object', text('"a"')],
  ['null', text('null')],
  ['no name', text('{}')],
  ['an empty name', text('{"after":""}')],
  ['a name that is no text', text('{"after":1}')],
  ['something else beside the name', text('{"after":"a","limit":1}')],
  ['half of a cursor', encodeCursor('books.parquet').slice(0, 10)],
])('a cursor that is %s is refused', (_what, cursor) => {
  expect(() => decodeCursor(cursor)).toThrow(ofKind('InvalidCursor'));
});
