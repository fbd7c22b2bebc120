import { formatSize } from '../../../console/src/lib/format-size.js';
import { formatDuration, utcTime } from '../../../console/src/lib/format-time.js';
import { shellQuoted, sqlString } from '../../../console/src/lib/quoting.js';
import { UploadRate } from '../../../console/src/uploads/upload-rate.js';

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [999_949, '999.9 kB'],
  [999_950, '1.0 MB'],
  [20_000_000_000, '20.0 GB'],
])('%d bytes are shown as %s', (bytes, text) => {
  expect(formatSize(bytes)).toBe(text);
});

it.each([
  [0, '0 s'],
  [59.4, '59 s'],
  [190, '3 min 10 s'],
  [7500, '2 h 5 min'],
])('%d seconds are shown as %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

it('shows UTC beside the time of the reader', () => {
  expect(utcTime(new Date('2026-12-01T09:30:00.123Z'))).toBe('2026-12-01 09:30:00 UTC');
});

it.each([
  ['plain/name.csv', 'plain/name.csv'],
  ['two words', "'two words'"],
  ["it's", String.raw`'it'\''s'`],
  ['$(rm)', "'$(rm)'"],
  ['', "''"],
])('a shell takes %j as it is', (text, quoted) => {
  expect(shellQuoted(text)).toBe(quoted);
});

it.each([
  ['a', "'a'"],
  ["it's", "'it''s'"],
  ['back\\slash', String.raw`'back\\slash'`],
])('SQL takes %j as it is', (text, quoted) => {
  expect(sqlString(text)).toBe(quoted);
});

it('tells the rate of the last seconds, not of the beginning', () => {
  const rate = new UploadRate();
  rate.add(0, 0);
  expect(rate.add(1_000_000, 1000)).toBe(1_000_000);
  for (let second = 2; second <= 20; second++) rate.add(1_000_000 + second, second * 1000);
  expect(rate.add(1_000_021, 21_000)).toBeLessThan(10);
});
