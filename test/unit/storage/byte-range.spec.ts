import { resolveRange } from '../../../src/storage/contract/byte-range.js';
import type { ByteRange } from '../../../src/storage/contract/storage-provider.js';
import { ofKind } from '../of-kind.js';

const HUGE = Number.MAX_SAFE_INTEGER;

it.each<[string, ByteRange | undefined, number, [number, number]]>([
  ['nothing asked, all of it', undefined, 10, [0, 9]],
  ['nothing asked of an empty object', undefined, 0, [0, -1]],
  ['from the start', { start: 0 }, 10, [0, 9]],
  ['from the middle', { start: 4 }, 10, [4, 9]],
  ['the last byte', { start: 9 }, 10, [9, 9]],
  ['a part', { start: 2, end: 5 }, 10, [2, 5]],
  ['one byte', { start: 2, end: 2 }, 10, [2, 2]],
  ['past the end', { start: 2, end: 99 }, 10, [2, 9]],
  ['far past the end', { start: 0, end: HUGE }, 10, [0, 9]],
  ['an end that is not given', { start: 2, end: undefined }, 10, [2, 9]],
  ['the last three bytes', { suffixLength: 3 }, 10, [7, 9]],
  ['as many last bytes as there are', { suffixLength: 10 }, 10, [0, 9]],
  ['more last bytes than there are', { suffixLength: HUGE }, 10, [0, 9]],
  ['endless last bytes', { suffixLength: Infinity }, 10, [0, 9]],
])('%s', (_what, range, size, [start, end]) => {
  expect(resolveRange(range, size)).toEqual({ start, end });
});

it.each<[string, ByteRange, number]>([
  ['starts at the end', { start: 10 }, 10],
  ['starts past the end', { start: 11, end: 12 }, 10],
  ['starts at infinity', { start: Infinity }, 10],
  ['ends before it starts', { start: 5, end: 4 }, 10],
  ['asks for no last byte', { suffixLength: 0 }, 10],
  ['asks for bytes of an empty object', { start: 0 }, 0],
  ['asks for last bytes of an empty object', { suffixLength: 5 }, 0],
])('a range that %s cannot be satisfied, and the size is told', (_what, range, size) => {
  const context = { size };
  expect(() => resolveRange(range, size)).toThrow(ofKind('RangeNotSatisfiable', { context }));
});
