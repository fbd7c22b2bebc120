import { randomBytes } from 'node:crypto';
import { masterKeys } from '../../../src/keys/master-keys.js';
import { ListCursors, type CursorScope } from '../../../src/stages/list-cursors.js';
import { ofKind } from '../of-kind.js';

const KEY = randomBytes(32);
const SCOPE: CursorScope = { reader: ['root'], place: ['internal', '1'], selection: ['a/', undefined] };
const cursorsUnder = (...keys: [Buffer, ...Buffer[]]): ListCursors => new ListCursors(masterKeys(keys));
const cursors = cursorsUnder(KEY);

it.each(['a', 'dir/a b.csv', '日本/🎭', '"quoted"\\', 'a\u2028b', '\ufffd', 'x'.repeat(1024)])(
  'the cursor after %j comes back, and needs no escaping in a URL',
  (after) => {
    const cursor = cursors.write(SCOPE, { after });
    expect(cursor).toMatch(/^[A-Za-z0-9._-]+$/);
    expect(cursors.read(SCOPE, cursor)).toEqual({ after });
  },
);

it('a cursor keeps what the store resumes by, and shows nothing of it', () => {
  const cursor = cursors.write(SCOPE, { after: 'a/b', resumePoint: 'hidden/root/a/b' });
  expect(cursors.read(SCOPE, cursor).resumePoint).toBe('hidden/root/a/b');
  expect(Buffer.from(cursor.split('.')[2] ?? '', 'base64url').toString('latin1')).not.toContain('hidden');
});

it('a cursor is read with the keys of another server, and after its key has become an older one', () => {
  const cursor = cursors.write(SCOPE, { after: 'a' });
  expect(cursorsUnder(Buffer.from(KEY)).read(SCOPE, cursor)).toEqual({ after: 'a' });
  expect(cursorsUnder(randomBytes(32), KEY).read(SCOPE, cursor)).toEqual({ after: 'a' });
});

it.each<[string, Partial<CursorScope>, RegExp]>([
  ['another user', { reader: ['somebody'] }, /^The cursor was given to another user/],
  ['another stage', { place: ['internal', '2'] }, /^The cursor belongs to another stage/],
  ['another prefix', { selection: ['b/', undefined] }, /^The cursor belongs to a listing with other/],
  ['another pattern', { selection: ['a/', '.*'] }, /^The cursor belongs to a listing with other/],
])('a cursor for %s is refused, and told why', (_what, change, message) => {
  const cursor = cursors.write({ ...SCOPE, ...change }, { after: 'a' });
  expect(() => cursors.read(SCOPE, cursor)).toThrow(ofKind('InvalidCursor'));
  expect(() => cursors.read(SCOPE, cursor)).toThrow(message);
});

const good = cursors.write(SCOPE, { after: 'books.parquet' });

it.each([
  ['nothing', ''],
  ['a name', 'books.parquet'],
  ['that of an earlier version', Buffer.from('{"after":"a"}').toString('base64url')],
  ['half of one', good.slice(0, good.length / 2)],
  ['changed', good.slice(0, -8) + (good.endsWith('AAAAAAAA') ? 'BBBBBBBB' : 'AAAAAAAA')],
  ['of a server with other keys', cursorsUnder(randomBytes(32)).write(SCOPE, { after: 'a' })],
])('a cursor that is %s cannot be read', (_what, cursor) => {
  expect(() => cursors.read(SCOPE, cursor)).toThrow(ofKind('InvalidCursor'));
  expect(() => cursors.read(SCOPE, cursor)).toThrow(/next_cursor.*Leave the cursor out/);
});
