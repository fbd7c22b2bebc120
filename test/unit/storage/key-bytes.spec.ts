import { compareKeys, keyBytes, keyFromBytes } from '../../../src/storage/contract/key-bytes.js';

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');

describe('a name of bytes', () => {
  it.each([
    ['plain.csv', 'plain.csv'],
    ['caf\xc3\xa9', 'caf\u00e9'],
    ['\xef\xbf\xbd', '\uFFFD'],
    ['\xf0\x9f\x8e\xad', '\u{1F3AD}'],
    ['a\xff', 'a\uFDD0FF'],
    ['caf\xe9/x', 'caf\uFDD0E9/x'],
    ['\xc3\xa9\xc3', '\u00e9\uFDD0C3'],
    ['\xed\xa0\x80', '\uFDD0ED\uFDD0A0\uFDD080'],
    ['\xc0\xae', '\uFDD0C0\uFDD0AE'],
    ['\xf4\x90\x80\x80', '\uFDD0F4\uFDD090\uFDD080\uFDD080'],
    ['\xef\xb7\x90', '\uFDD0EF\uFDD0B7\uFDD090'],
    ['\xef\xb7\x90FF', '\uFDD0EF\uFDD0B7\uFDD090FF'],
    ['a\n\0\x7f', 'a\n\0\x7f'],
  ])('%j is written %j, and read back', (bytes, name) => {
    expect(keyFromBytes(latin1(bytes))).toBe(name);
    expect(keyBytes(name)).toEqual(latin1(bytes));
  });

  it.each([
    '\uFDD0',
    '\uFDD0F',
    '\uFDD0ff',
    '\uFDD0GG',
    '\uFDD061',
    '\uFDD0C3\uFDD0A9',
    '\ud800',
    '\uFDD0EF'.repeat(0) + 'a\uFDD02F',
  ])('is never written %j', (text) => {
    expect(keyBytes(text)).toBeUndefined();
  });

  it('has a spelling of its own, in the order of the bytes', () => {
    let state = 1;
    const random = (below: number): number => {
      state = (state * 48_271) % 2_147_483_647;
      return state % below;
    };
    const pieces = [
      'a',
      '/',
      '\xff',
      '\xc3',
      '\xa9',
      '\xef\xb7\x90',
      '\xf0\x9f\x8e\xad',
      '\xef\xbf\xbd',
      '\x80',
      'F',
    ];
    const names = Array.from({ length: 2_000 }, () =>
      latin1(Array.from({ length: 1 + random(5) }, () => pieces[random(pieces.length)]).join('')),
    );
    for (const name of names) expect(keyBytes(keyFromBytes(name))).toEqual(name);
    const sorted = names.toSorted((a, b) => Buffer.compare(a, b)).map(keyFromBytes);
    expect(names.map(keyFromBytes).sort(compareKeys)).toEqual(sorted);
  });
});
