import { requestedRange, bodyHeaders, fileHeaders } from '../../../src/stages/files/download-headers.js';
import { listedKey } from '../../../src/storage/contract/listed-key.js';
import type { ByteRange, ObjectStat } from '../../../src/storage/contract/storage-provider.js';
import { requestWith } from '../request.js';

const STAT: ObjectStat = {
  key: listedKey('dir/books.parquet'),
  size: 100,
  lastModified: new Date('2023-04-20T20:55:03.100Z'),
  etag: '"abc"',
  md5: null,
  contentType: null,
};

it.each<[string, ByteRange | undefined]>([
  ['bytes=0-0', { start: 0, end: 0 }],
  ['bytes=0-99', { start: 0, end: 99 }],
  ['bytes=5-', { start: 5 }],
  ['bytes=-5', { suffixLength: 5 }],
  ['bytes=-0', { suffixLength: 0 }],
  ['bytes= 1 - 2', { start: 1, end: 2 }],
  ['bytes=4-9223372036854775807', { start: 4, end: Number.MAX_SAFE_INTEGER }],
  [`bytes=4-${'9'.repeat(400)}`, { start: 4, end: Number.MAX_SAFE_INTEGER }],
  ['bytes=18446744073709551616-', { start: Number.MAX_SAFE_INTEGER }],
  ['bytes=-9223372036854775808', { suffixLength: Number.MAX_SAFE_INTEGER }],
  ['bytes=9007199254740993-9007199254740992', undefined],
  ['bytes=0000000000000000000001-000002', { start: 1, end: 2 }],
  ['Bytes=1-2', { start: 1, end: 2 }],
  ['bytes=1 0-2 0', undefined],
  ['bytes=5-4', undefined],
  ['bytes=-', undefined],
  ['bytes=', undefined],
  ['bytes=a-b', undefined],
  ['bytes=1-2,5-6', undefined],
  ['bytes=1.5-2', undefined],
  ['bytes=--5', undefined],
  ['items=0-5', undefined],
  ['0-5', undefined],
  ['', undefined],
])('Range: %j asks for %j', (header, expected) => {
  expect(requestedRange(requestWith([['Range', header]]))).toEqual(expected);
});

it('no Range asks for the whole file', () => {
  expect(requestedRange(requestWith([]))).toBeUndefined();
});

it.each([
  ['dir/books.parquet', 'books.parquet'],
  ['a b.csv', 'a%20b.csv'],
  ["it's (1)*.csv", 'it%27s%20%281%29%2A.csv'],
  ['"quoted";x=y.csv', '%22quoted%22%3Bx%3Dy.csv'],
  ['100%.csv', '100%25.csv'],
  ['日本/東京.csv', '%E6%9D%B1%E4%BA%AC.csv'],
  ['🎭', '%F0%9F%8E%AD'],
  ['a-b_c.d~e!f', 'a-b_c.d~e!f'],
])('%s is saved under its last component', (key, encoded) => {
  const { 'content-disposition': disposition } = fileHeaders({ ...STAT, key: listedKey(key) });
  expect(disposition).toMatch(/^attachment; filename="/);
  expect(disposition?.endsWith(`; filename*=UTF-8''${encoded}`)).toBe(true);
});

it('a file is bytes of an unknown type that no browser runs', () => {
  expect(fileHeaders(STAT)).toEqual({
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename="books.parquet"; filename*=UTF-8''books.parquet`,
    'x-content-type-options': 'nosniff',
    'cache-control': 'private, no-cache',
    'accept-ranges': 'bytes',
    'last-modified': 'Thu, 20 Apr 2023 20:55:03 GMT',
    etag: '"abc"',
  });
  expect(fileHeaders({ ...STAT, etag: null })).not.toHaveProperty('etag');
  expect(fileHeaders({ ...STAT, contentType: 'text/csv' })['content-type']).toBe('text/csv');
});

it.each<[string, [number, number], boolean, Record<string, string>]>([
  ['a whole file', [0, 99], false, { 'content-length': '100' }],
  ['a part', [10, 19], true, { 'content-length': '10', 'content-range': 'bytes 10-19/100' }],
  ['a part that is the whole', [0, 99], true, { 'content-length': '100', 'content-range': 'bytes 0-99/100' }],
  ['an empty file', [0, -1], false, { 'content-length': '0' }],
])('%s has its length', (_what, [start, end], isPartial, expected) => {
  const body = { stat: STAT, range: { start, end } };
  expect(bodyHeaders(body as Parameters<typeof bodyHeaders>[0], isPartial)).toEqual(expected);
});
