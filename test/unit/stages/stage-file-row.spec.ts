import { stageFileRow } from '../../../src/stages/files/stage-file-row.js';
import { listedKey } from '../../../src/storage/contract/listed-key.js';
import type { ObjectStat } from '../../../src/storage/contract/storage-provider.js';

const STAT: ObjectStat = {
  key: listedKey('dir/books.parquet'),
  size: 1234,
  lastModified: new Date('2023-04-20T20:55:03.100Z'),
  etag: '"abc"',
  md5: null,
  contentType: null,
};
const CAPABILITIES = {
  presign: false,
  maxObjectBytes: 1,
  contentEtag: false,
  contentType: true,
  dotComponents: true,
  copy: false,
  move: false,
};

it('has exactly the columns of LIST, in their order', () => {
  expect(Object.entries(stageFileRow(STAT, CAPABILITIES, undefined))).toEqual([
    ['name', 'dir/books.parquet'],
    ['size', 1234],
    ['md5', null],
    ['last_modified', '2023-04-20 20:55:03.100 +0000'],
    ['creator', null],
  ]);
});

it.each([
  ['an etag of the content, quotes included', '"abc"', null, true, '"abc"'],
  ['nothing where the etag says nothing of the content', '"abc"', null, false, null],
  ['the digest where the store knows it', '"abc"', 'd41d8c', true, 'd41d8c'],
  ['the digest of a store without etags', null, 'd41d8c', false, 'd41d8c'],
  ['nothing where there is nothing', null, null, true, null],
])('shows as md5 %s', (_what, etag, md5, contentEtag, expected) => {
  const row = stageFileRow({ ...STAT, etag, md5 }, { ...CAPABILITIES, contentEtag }, undefined);
  expect(row.md5).toBe(expected);
});

it.each([
  ['2023-04-20T20:55:03Z', '2023-04-20 20:55:03.000 +0000'],
  ['2024-02-29T23:59:59.999+02:00', '2024-02-29 21:59:59.999 +0000'],
  ['1969-12-31T23:59:58.766Z', '1969-12-31 23:59:58.766 +0000'],
  ['1970-01-01T00:00:00.007Z', '1970-01-01 00:00:00.007 +0000'],
  ['2026-11-09T09:05:04.050Z', '2026-11-09 09:05:04.050 +0000'],
  ['2026-11-10T00:00:00.000Z', '2026-11-10 00:00:00.000 +0000'],
])('writes the time %s as %s', (time, expected) => {
  const row = stageFileRow({ ...STAT, lastModified: new Date(time) }, CAPABILITIES, undefined);
  expect(row.last_modified).toBe(expected);
});

describe('a file that this service took in', () => {
  const TAKEN = { size: 1234, etag: '"abc"', md5: 'd41d8c', creator: "'root'@'%'", contentType: null };

  it.each([
    ['is shown with its md5 and its creator', STAT, 'd41d8c', "'root'@'%'"],
    ['is another one when its etag is', { ...STAT, etag: '"def"' }, '"def"', null],
    ['is another one when its size is', { ...STAT, size: 1235 }, '"abc"', null],
    ['is not known by an etag that is not there', { ...STAT, etag: null }, null, null],
  ])('%s', (_what, stat, md5, creator) => {
    expect(
      stageFileRow(stat, { ...CAPABILITIES, contentEtag: true, dotComponents: true }, TAKEN),
    ).toMatchObject({ md5, creator });
  });
});
