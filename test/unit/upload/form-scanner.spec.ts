import { FormScanner } from '../../../src/upload/form/form-scanner.js';
import type { ParserPiece } from '../../../src/upload/form/parser-input.js';
import { naiveVerdict, type Verdict } from './naive-form.js';

const B = 'XyZ';
const PART = 'content-disposition: form-data; name="a"; filename="a"\r\n\r\nabc';

const FORMS: readonly [what: string, form: string, expected: Verdict][] = [
  ['of nothing', '', { parts: 0, isClosed: false, isBroken: false }],
  ['of one file', `--${B}\r\n${PART}\r\n--${B}--\r\n`, { parts: 1, isClosed: true, isBroken: false }],
  [
    'without its last line break',
    `--${B}\r\n${PART}\r\n--${B}--`,
    { parts: 1, isClosed: true, isBroken: false },
  ],
  [
    'of two files',
    `--${B}\r\n${PART}\r\n--${B}\r\n${PART}\r\n--${B}--\r\n`,
    { parts: 2, isClosed: true, isBroken: false },
  ],
  ['of no part', `--${B}--\r\n`, { parts: 0, isClosed: true, isBroken: false }],
  [
    'with a preamble and an epilogue',
    `hello\r\n--${B}\r\n${PART}\r\n--${B}--\r\nbye\r\n--${B}x`,
    { parts: 1, isClosed: true, isBroken: false },
  ],
  ['that is cut in its file', `--${B}\r\n${PART}`, { parts: 1, isClosed: false, isBroken: false }],
  [
    'that is cut after one dash',
    `--${B}\r\n${PART}\r\n--${B}-`,
    { parts: 1, isClosed: false, isBroken: false },
  ],
  [
    'that is cut after a boundary',
    `--${B}\r\n${PART}\r\n--${B}`,
    { parts: 1, isClosed: false, isBroken: false },
  ],
  [
    'whose boundary goes on',
    `--${B}\r\n${PART}\r\n--${B}zz\r\n--${B}--`,
    { parts: 1, isClosed: false, isBroken: true },
  ],
  ['with half a line break', `--${B}\r\n${PART}\r\n--${B}\r-`, { parts: 1, isClosed: false, isBroken: true }],
  ['whose parts are empty', `--${B}\r\n--${B}\r\n--${B}--`, { parts: 2, isClosed: true, isBroken: false }],
  [
    'with what looks like a boundary',
    `--${B}\r\n\r\n\r\n--Xy\r\n-\r\r\n--XyA\n--${B}--\r--${B}--\r\n--${B}--`,
    { parts: 1, isClosed: true, isBroken: false },
  ],
  [
    'whose closing boundary goes on',
    `--${B}\r\n${PART}\r\n--${B}--x\r\n--${B}--\r\n`,
    { parts: 1, isClosed: false, isBroken: true },
  ],
  [
    'whose closing boundary is followed by white space',
    `--${B}\r\n${PART}\r\n--${B}-- \t\r\nbye`,
    { parts: 1, isClosed: true, isBroken: false },
  ],
  [
    'whose part has headers and then a boundary at once',
    `--${B}\r\n${PART.slice(0, -3)}--${B}\r\n${PART}\r\n--${B}--\r\n`,
    { parts: 1, isClosed: false, isBroken: true },
  ],
  [
    'whose first boundary is no line',
    `x--${B}\r\n${PART}\r\n--${B}--`,
    { parts: 0, isClosed: true, isBroken: false },
  ],
  [
    'of line breaks and dashes',
    `\r\n\r\n--\r\n--\r\n--${B}\r\n\r\n\r\n--\r\n--${B}--`,
    { parts: 1, isClosed: true, isBroken: false },
  ],
];

function verdict(chunks: readonly Buffer[], boundary = B): Verdict {
  const scanner = new FormScanner(boundary);
  for (const chunk of chunks) scanner.push(chunk);
  const { parts, isClosed, isBroken } = scanner;
  return { parts, isClosed, isBroken };
}

function cut(form: Buffer, ...at: readonly number[]): Buffer[] {
  const ends = [...at, form.length];
  return ends.map((end, i) => form.subarray(ends[i - 1] ?? 0, end));
}

describe.each(FORMS)('a form %s', (_what, text, expected) => {
  const form = Buffer.from(text);

  it('is judged as it should be, and as a naive reader does', () => {
    expect(verdict([form])).toEqual(expected);
    expect(naiveVerdict(form, B)).toEqual(expected);
  });

  it('is judged the same in two chunks, cut anywhere', () => {
    for (let i = 0; i <= form.length; i++) expect([i, verdict(cut(form, i))]).toEqual([i, expected]);
  });

  it('is judged the same in three chunks, cut anywhere', () => {
    const wrong: number[][] = [];
    for (let i = 0; i <= form.length; i++) {
      for (let j = i; j <= form.length; j++) {
        if (JSON.stringify(verdict(cut(form, i, j))) !== JSON.stringify(expected)) wrong.push([i, j]);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('is judged the same byte by byte', () => {
    expect(verdict(cut(form, ...form.keys()))).toEqual(expected);
  });

  it('is judged the same where its chunks are overwritten afterwards', () => {
    const scanner = new FormScanner(B);
    for (const chunk of cut(
      form,
      ...Array.from({ length: 12 }, (_, i) => Math.floor((form.length * i) / 12)),
    )) {
      const shared = Buffer.from(chunk);
      scanner.push(shared);
      shared.fill('?');
    }
    expect({ parts: scanner.parts, isClosed: scanner.isClosed, isBroken: scanner.isBroken }).toEqual(
      expected,
    );
  });
});

function random(count: number): number {
  return Math.floor(Math.random() * count);
}

function randomOf(...choices: readonly string[]): string {
  return choices[random(choices.length)] ?? '';
}

it('a random form with a random boundary, in random chunks, is judged as by a naive reader', () => {
  const wrong: unknown[] = [];
  for (let round = 0; round < 5000; round++) {
    const boundary = Array.from({ length: 1 + random(5) }, () => randomOf('-', 'a', '\xe9', '=')).join('');
    const pieces = Array.from({ length: random(30) }, () =>
      randomOf(
        '\r',
        '\n',
        '\r\n',
        '-',
        '--',
        'a',
        boundary,
        `\r\n--${boundary}`,
        `\r\n--${boundary}\r\n`,
        `--${boundary}`,
      ),
    );
    const form = Buffer.from(pieces.join('') + randomOf('', `\r\n--${boundary}--`), 'latin1');
    const cuts = Array.from({ length: random(6) }, () => random(form.length + 1)).sort((a, b) => a - b);
    const [found, expected] = [verdict(cut(form, ...cuts), boundary), naiveVerdict(form, boundary)];
    if (JSON.stringify(found) !== JSON.stringify(expected))
      wrong.push({ boundary, form: form.toString('latin1'), cuts, found, expected });
  }
  expect(wrong).toEqual([]);
});

describe('the headers of a part', () => {
  const headers = 'Content-Disposition: form-data; name="a"\r\nContent-MD5:  abc \r\nX-Folded: a\r\n b';
  const form = Buffer.from(`--${B}\r\n${headers}\r\n\r\nbody\r\n--${B}\r\n${PART}\r\n--${B}--\r\n`);

  it('are read wherever the form is cut', () => {
    for (let i = 0; i <= form.length; i++) {
      const scanner = new FormScanner(B);
      for (const chunk of cut(form, i)) scanner.push(chunk);
      const first = scanner.takeHeaders(0);
      expect([i, first?.get('content-md5'), first?.get('x-folded')]).toEqual([i, ['abc'], ['a b']]);
      expect(scanner.takeHeaders(1)?.get('content-disposition')).toHaveLength(1);
      expect(scanner.takeHeaders(2)).toBeUndefined();
    }
  });

  it('are no longer than can be meant', () => {
    const scanner = new FormScanner(B);
    scanner.push(Buffer.from(`--${B}\r\nX: `));
    scanner.push(Buffer.alloc(16_000, 'x'));
    expect(scanner.problem).toBeUndefined();
    scanner.push(Buffer.alloc(1_000, 'x'));
    expect(scanner.problem).toBe('the headers of one of its parts do not end');
  });

  const DISPOSITION = 'Content-Disposition: form-data; name="a"; filename="a"';
  it.each([
    ['a part without one', '', /cannot be read/],
    ['a line that is none', `${DISPOSITION}\r\nnonsense`, /cannot be read/],
    ['a delimiter among them', `${DISPOSITION}\r\n--${B}`, /cannot be read|ends before/],
    ['another one only', 'X: y', /cannot be read/],
    ['a parameter without a name', DISPOSITION.replace('; filename', ';="a"; filename'), /cannot be read/],
    ['no name', 'Content-Disposition: form-data; filename="a"', /no name/],
  ])('with %s are a problem, wherever they are cut', (_what, headers, problem) => {
    const form = Buffer.from(`--${B}\r\n${PART}\r\n--${B}\r\n${headers}\r\n\r\nabc\r\n--${B}--`);
    for (let i = 0; i <= form.length; i++) {
      const scanner = new FormScanner(B);
      for (const chunk of cut(form, i)) scanner.push(chunk);
      expect([i, scanner.problem]).toEqual([i, expect.stringMatching(problem)]);
    }
  });
});

describe('what a parser is given', () => {
  const form = Buffer.from(
    `hello\r\n--${B}\r\n${PART}\r\n--${B}\r\n${PART}\r\n--Xy\r\n\r\n--${B}\r\n${PART.slice(0, -3)}\r\n--${B}--\r\nbye`,
  );
  const contents = ['abc', 'abc\r\n--Xy\r\n', ''];

  function piecesOf(...at: readonly number[]): ParserPiece[] {
    const scanner = new FormScanner(B);
    // Copied: what is cut out of one memory would be joined again.
    return cut(form, ...at).flatMap((chunk) => scanner.push(Buffer.from(chunk)));
  }

  it('is the form without its epilogue, wherever it is cut', () => {
    for (let i = 0; i <= form.length; i++) {
      const given = Buffer.concat(piecesOf(i).map(({ bytes }) => bytes)).toString();
      expect([i, given]).toEqual([i, form.toString().slice(0, -'\r\nbye'.length)]);
    }
  });

  it('ends a piece with the delimiter of each part, whose bytes it tells', () => {
    for (const at of [[], ...Array.from(form.keys(), (i) => [i]), [...form.keys()]]) {
      const pieces = piecesOf(...at);
      const ended = pieces.flatMap(({ parts, endedBytes }) =>
        endedBytes === undefined ? [] : [[parts, endedBytes]],
      );
      expect(ended).toEqual(contents.map((content, i) => [i + 1, content.length]));
      for (const { bytes, endedBytes } of pieces) {
        if (endedBytes !== undefined) expect(bytes.at(-1)).toBe(Buffer.from(B).at(-1));
      }
    }
  });

  it('tells that a part has begun when no delimiter can begin with the end of its headers', () => {
    const scanner = new FormScanner('--');
    const bytes = Buffer.from(`----\r\n${PART.slice(0, -3)}---x`);
    const begun = cut(bytes, ...bytes.keys()).map((byte) => scanner.push(byte).at(-1)?.parts ?? 'held');
    expect(begun.slice(-5)).toEqual([0, 'held', 'held', 'held', 1]);
  });
});

it('what comes before the first boundary has an end', () => {
  const scanner = new FormScanner(B);
  const mebibyte = Buffer.alloc(1024 ** 2, '\r');
  for (let i = 0; i < 4; i++) scanner.push(mebibyte);
  expect(scanner.problem).toBeUndefined();
  scanner.push(mebibyte);
  expect(scanner.problem).toBe('it does not begin with its boundary');
});

it('what comes behind it may be of any length', () => {
  const scanner = new FormScanner(B);
  scanner.push(Buffer.from(`--${B}\r\n${PART}`));
  for (let i = 0; i < 6; i++) scanner.push(Buffer.alloc(1024 ** 2));
  scanner.push(Buffer.from(`\r\n--${B}--`));
  expect([scanner.problem, scanner.isClosed]).toEqual([undefined, true]);
});
