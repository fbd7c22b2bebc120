import { createHash } from 'node:crypto';

/** @import { FormRandom } from './form-random.mjs' */

/*
 * Forms as lists of pieces: a delimiter, a line break, a header line, a content. Joined they are the body; what mutates
 * forms moves whole pieces as well as bytes.
 */
const CRLF = '\r\n';

/** @typedef {[fileName: string, content: string | Buffer, ...lines: string[]]} FormPart With more header lines. */
/**
 * @typedef {object} Form
 * @property {string} boundary
 * @property {boolean} [quoted]
 * @property {readonly FormPart[]} parts
 * @property {string} [preamble]
 * @property {string} [epilogue]
 */

/** @param {Form} form */
export function formPieces({ boundary, parts, preamble = '', epilogue = '' }) {
  /** @type {(string | Buffer)[]} */
  const pieces = preamble === '' ? [] : [preamble, CRLF];
  for (const [index, [name, content, ...more]] of parts.entries()) {
    const disposition = `Content-Disposition: form-data; name="f${index}"; filename="${name}"`;
    const lines = [disposition, ...more].flatMap((line) => [line, CRLF]);
    pieces.push(`--${boundary}`, CRLF, ...lines, CRLF, content, CRLF);
  }
  return [...pieces, `--${boundary}`, '--', CRLF, ...(epilogue === '' ? [] : [epilogue])].map(asBytes);
}

/** @param {Form} form */
export function contentTypeOf({ boundary, quoted = false }) {
  return `multipart/form-data; boundary=${quoted ? `"${boundary}"` : boundary}`;
}

/**
 * Small forms, one of each kind, for cuts at every point.
 *
 * @type {Readonly<Record<string, Form>>}
 */
export const SMALL_FORMS = {
  'one file': { boundary: 'xBOUNDx', parts: [['a.txt', 'one line\r\n']] },
  'two files': {
    boundary: 'b',
    parts: [
      ['a.txt', 'first', 'Content-Type: text/plain'],
      ['d/b.bin', '\x00\xff\r\n--\r\n-'],
    ],
  },
  'around it': {
    boundary: 'ab--c',
    parts: [['a', 'ab--c\r\n--ab-\r\n']],
    preamble: 'to whom it may concern',
    epilogue: 'bye\r\n--ab--c\r\nnot a part',
  },
  'quoted boundary': { boundary: "a b(c)'d=?", quoted: true, parts: [['ü.csv', '1;2\n']] },
  'empty files': {
    boundary: '-----------------------------42',
    parts: [
      ['e1', ''],
      ['e2', ''],
    ],
  },
};

const BOUNDARIES = ['b', 'xBOUNDx', '----WebKitFormBoundary7MA4YWxkTrZu0gW', '--', '-', 'a--', '--b--'];
const QUOTED_BOUNDARIES = ["a b(c)'d=?", 'x:y/z', 'plain'];
const NAMES = ['a.txt', 'd/b.bin', '//a.parquet', 'ü 数据.csv', 'a%22b', 'c:d', 'x;y=z', 'a', 'a/b/c'];
const CONTENTS = [
  '',
  'x',
  'one line\r\n',
  '\r\n',
  '\r',
  '\n',
  '--',
  '\r\n--',
  '\r\n-',
  '\x00\xff\x80',
  '\r\n\r\n',
];
const MORE_LINES = ['Content-Type: text/plain', 'Content-Transfer-Encoding: binary', 'X-Y: z', 'x-empty:'];

/**
 * The form with the digest of its first file declared, as it was before anything is mutated.
 *
 * @param {Form} form
 * @returns {Form}
 */
export function withDigest({ parts, ...form }) {
  return { ...form, parts: parts.map((part, index) => (index === 0 ? digested(part) : part)) };
}

/**
 * @param {FormPart} part
 * @returns {FormPart}
 */
function digested([name, content, ...more]) {
  const digest = `Content-MD5: ${createHash('md5').update(asBytes(content)).digest('base64')}`;
  return [name, content, ...more, digest];
}

/**
 * A form as a careful client would send it.
 * @param {FormRandom} random
 * @returns {Form}
 */
export function randomForm(random) {
  const quoted = random.chance(0.2);
  const boundary = random.pick(quoted ? QUOTED_BOUNDARIES : BOUNDARIES);
  /** @type {FormPart[]} */
  const parts = Array.from({ length: random.pick([1, 1, 1, 2, 2, 3]) }, (_, index) => [
    random.chance(0.9) ? `${index}${random.pick(NAMES)}` : random.pick(NAMES),
    randomContent(random, boundary),
    ...(random.chance(0.4) ? [random.pick(MORE_LINES)] : []),
  ]);
  const preamble = random.chance(0.1) ? random.pick(['hello', '', '--', '\r\n']) : '';
  const epilogue = random.chance(0.1) ? random.pick(['bye', '\r\n', `--${boundary}--\r\n`, '--']) : '';
  return { boundary, quoted, parts, preamble, epilogue };
}

/**
 * @param {FormRandom} random
 * @param {string} boundary
 */
function randomContent(random, boundary) {
  if (random.chance(0.01)) return random.bytes(60_000 + random.below(20_000));
  if (random.chance(0.2)) return random.bytes(random.below(200));
  const nearly = [
    `--${boundary.slice(0, -1)}`,
    `\r\n--${boundary.slice(0, -1)}`,
    `x--${boundary}`,
    `\n--${boundary}`,
  ];
  const pieces = Array.from({ length: random.below(4) }, () => random.pick([...CONTENTS, ...nearly]));
  return asBytes(pieces.join(''));
}

/**
 * Text as the bytes that its characters name; names in UTF-8.
 * @param {string | Buffer} text
 */
function asBytes(text) {
  if (typeof text !== 'string') return text;

  return Buffer.from(text, /^[\0-\xff]*$/.test(text) && !/ü/.test(text) ? 'latin1' : 'utf8');
}
