import { compareByteOrder } from '../../../src/common/byte-order.js';

/** Each kind of UTF-16 unit, and the neighbours where kinds meet. */
const CHARACTERS = [
  '',
  'a',
  'b',
  '/',
  '.',
  '\u007f',
  '\u0080',
  'é',
  '日',
  '\ud7ff',
  '\ue000',
  'ﬀ',
  '\uffff',
  '\u{10000}',
  '🎭',
  '\u{10ffff}',
];

function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function random(count: number): number {
  return Math.floor(Math.random() * count);
}

function randomText(): string {
  const code = (): string =>
    String.fromCodePoint(random(2) === 0 ? random(0xd800) : 0xe000 + random(0x102000));
  const pieces = Array.from({ length: random(6) }, () =>
    random(4) === 0 ? code() : (CHARACTERS[random(CHARACTERS.length)] ?? ''),
  );
  return pieces.join('');
}

describe('the order of keys', () => {
  it('is that of the UTF-8 bytes for every pair of kinds of characters', () => {
    for (const a of CHARACTERS) {
      for (const b of CHARACTERS) {
        for (const [x, y] of [
          [a, b],
          [`x${a}y`, `x${b}z`],
          [a + b, b + a],
        ] as const) {
          expect([x, y, Math.sign(compareByteOrder(x, y))]).toEqual([x, y, byBytes(x, y)]);
        }
      }
    }
  });

  it('is that of the UTF-8 bytes for random texts', () => {
    const pairs = Array.from({ length: 20_000 }, () => {
      const common = randomText();
      return [common + randomText(), common + randomText()] as const;
    });
    expect(pairs.filter(([a, b]) => Math.sign(compareByteOrder(a, b)) !== byBytes(a, b))).toEqual([]);
  });

  it('is not that of JavaScript', () => {
    expect(['🎭', 'ﬀ'].sort()).toEqual(['🎭', 'ﬀ']);
    expect(['🎭', 'ﬀ'].sort(compareByteOrder)).toEqual(['ﬀ', '🎭']);
  });
});
