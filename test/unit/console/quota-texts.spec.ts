import { parseSize, plainSize, SizeError } from '../../../console/src/lib/parse-size.js';

it.each([
  ['', null],
  ['1000', 1000],
  ['10 GB', 10_000_000_000],
  ['1.5kB', 1500],
  [' 2 tb ', 2_000_000_000_000],
])('%j is a size of %j bytes', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes);
});

it.each(['GB', '10 GiB', '-1 MB', '1,5 GB', 'ten'])('%j is no size', (text) => {
  expect(() => parseSize(text)).toThrow(SizeError);
});

it.each([
  [0, '0 B'],
  [1500, '1500 B'],
  [10_000_000_000, '10 GB'],
  [1_500_000, '1500 KB'],
])('%d bytes are written as %s, which is read as the same', (bytes, text) => {
  expect(plainSize(bytes)).toBe(text);
  expect(parseSize(text)).toBe(bytes);
});
