import { isEtagOfCopy } from '../../../src/storage/contract/copied-etag.js';
import { etagOf } from '../../../src/storage/providers/fs/read/file-stats.js';

const ORIGINAL = { ino: 7, size: 1090, mtimeMs: 1_795_956_637_123.4567 };

function isCopy(changed: Partial<typeof ORIGINAL>): boolean {
  return isEtagOfCopy(etagOf({ ...ORIGINAL, ...changed }), etagOf(ORIGINAL));
}

it('a copy has another inode, and the same size and time', () => {
  expect(isCopy({ ino: 8 })).toBe(true);
});

it.each([
  ['size', { size: 1091 }],
  ['time', { mtimeMs: ORIGINAL.mtimeMs + 0.001 }],
])('a file of another %s is none', (_what, changed) => {
  expect(isCopy({ ino: 8, ...changed })).toBe(false);
});

it('times of whole seconds tell nothing', () => {
  const coarse = { ...ORIGINAL, mtimeMs: 1_795_956_637_000 };
  expect(isEtagOfCopy(etagOf({ ...coarse, ino: 8 }), etagOf(coarse))).toBe(false);
});

it.each([null, '"0cc175b9c0f1b6a831c399e269772661"', '"0cc175b9c0f1b6a831c399e269772661-2"'])(
  'an etag of another store (%s) is that of no copy',
  (etag) => {
    expect(isEtagOfCopy(etag, etag ?? '"1-2-3"')).toBe(false);
  },
);
