const PIECES = [
  'a',
  'b.csv',
  '/',
  '//',
  ' ',
  '.',
  '..',
  '\n',
  '\t',
  '\x7f',
  '%2F',
  '%',
  '+',
  '\\',
  'C:',
  'é',
  '\u{1F3AD}',
  '\uFFFD',
  '\uFFFF',
  '\uFDD0FF',
  '&<>"\'',
  '?',
  '#',
].map((piece) => Buffer.from(piece));
const BROKEN = ['\xff', '\xc3', '\xe9', '\xed\xa0\x80', '\xc0\xae'].map((piece) =>
  Buffer.from(piece, 'latin1'),
);
const THOUGHT_OF = [
  'a/b.csv',
  'a//b.csv',
  '/a/b.csv',
  '/lead.csv',
  'lead.csv',
  ' lead',
  'trail ',
  'new\nline',
  'C:x',
  '\\x',
  'report/',
  'x'.repeat(1000),
  `${'y'.repeat(300)}/z`,
  './a',
  '../a',
  'a/..',
  '.',
  '..',
  '/',
  '//',
];

/** Names that somebody else might choose, each once; the same for a seed. */
export function oddKeys(seed: number, count: number): Buffer[] {
  const keys = new Map<string, Buffer>(THOUGHT_OF.map((text) => [text, Buffer.from(text)]));
  const random = randomFrom(seed);
  while (keys.size < count) {
    const pieces = random(5) === 0 ? [...PIECES, ...BROKEN] : PIECES;
    const key = Buffer.concat(
      Array.from({ length: 1 + random(8) }, () => pieces[random(pieces.length)] ?? Buffer.alloc(0)),
    );
    keys.set(key.toString('latin1'), key);
  }
  return [...keys.values()];
}

/** Whole numbers below a bound, the same for a seed. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}
