/*
 * Families of names: one odd name, and those that somebody's code could take it for. Names are bytes, as stores have them.
 */
import { FormRandom } from '../forms/form-random.mjs';

/** @typedef {(name: Buffer, random: FormRandom) => Buffer} Twin */

const MAX_NAME_BYTES = 1000;
const WORDS = [
  'a',
  'b.csv',
  'dir',
  'report.csv',
  '2026',
  'dt=2026-01-01',
  'é.csv',
  'e\u0301.csv',
  'ﬁle',
  'ＡＢＣ',
  'Straße',
  '日本.csv',
  '🎭',
  '100%',
  'a%2Fb',
  '%2e%2e',
  '%00',
  'a%20b',
  'a b',
  'a+b',
  'a&b=c',
  'a;b,c',
  'a#b',
  'what?now.csv',
  'a\\b',
  '\\x',
  'C:x',
  's:2026.csv',
  "it's",
  'say "hi"',
  '$(id)',
  '*.csv',
  '[a-z]+',
  '~',
  '@',
  '...',
  '..a',
  'a..',
  '__proto__',
  ' lead',
  'trail ',
  '\ttab',
  'a\u00a0b',
  'new\nline',
  'a\r\nb',
  'a\x01b',
  'a\x7f',
  'a\u0085b',
  'a\ufeffb',
  'a\u202eb',
  'a\u200bb',
  'a\ufffdb',
  'a\ufdd0FFb',
  'files',
  'c'.repeat(255),
].map((word) => Buffer.from(word));
/** What only some stores take: upward components, long ones, a zero byte, and bytes that are no UTF-8. */
const RARE = [
  Buffer.from('..'),
  Buffer.from('.'),
  Buffer.from('a\0b'),
  Buffer.from('d'.repeat(300)),
  Buffer.from('é'.repeat(128)),
  ...['\xff', 'a\xc3', '\xc0\xaf', 'a\xed\xa0\x80b', '\xe9t\xe9.csv', '\xf4\x90\x80\x80'].map((text) =>
    Buffer.from(text, 'latin1'),
  ),
];
const SLASH = Buffer.from('/');

/**
 * The names of one round, the odd one first, no two alike and none without a byte.
 * @param {number} seed
 * @param {number} round
 */
export function keyFamily(seed, round) {
  const random = new FormRandom(seed, round);
  const name = oddName(random);
  /** @type {Buffer[]} */
  const family = [name];
  const twins = TWINS.map((twin) => twin(name, random)).filter(
    (other) => random.chance(0.5) && isName(other),
  );
  for (const twin of twins) {
    family.push(twin);
    const again = random.pick(TWINS)(twin, random);
    if (random.chance(0.2) && isName(again)) family.push(again);
  }
  return { random, family: distinct(family) };
}

/** @param {FormRandom} random */
function oddName(random) {
  /** @type {Buffer[]} */
  const pieces = [];
  if (random.chance(0.15)) pieces.push(SLASH, ...(random.chance(0.3) ? [SLASH] : []));
  const depth = random.chance(0.05) ? 40 : 1 + random.below(3);
  for (let at = 0; at < depth; at++) {
    if (at > 0) pieces.push(SLASH, ...(random.chance(0.15) ? [SLASH] : []));
    pieces.push(random.chance(0.15) ? random.pick(RARE) : random.pick(WORDS));
  }
  if (random.chance(0.1)) pieces.push(SLASH, ...(random.chance(0.2) ? [SLASH] : []));
  return Buffer.concat(pieces).subarray(0, MAX_NAME_BYTES);
}

/** @type {(change: (name: string) => string) => Twin} */
const ofText = (change) => (name) => Buffer.from(change(name.toString()));
/** @type {(change: (name: string) => string) => Twin} */
const ofBytes = (change) => (name) => Buffer.from(change(name.toString('latin1')), 'latin1');

/**
 * What a name becomes where it is cleaned, decoded, encoded, folded or cut once too often, or once too little.
 *
 * @type {readonly Twin[]}
 */
const TWINS = [
  ofBytes((name) => name.replace(/\/{2,}/g, '/')),
  ofBytes((name) => name.replace(/^\/+/, '')),
  ofBytes((name) => name.replace(/\/+$/, '')),
  ofBytes((name) => name.replace('/', '//')),
  ofBytes((name) => `/${name}`),
  ofBytes((name) => `./${name}`),
  ofBytes((name) => `${name}/`),
  ofBytes((name) => `${name}/x`),
  ofBytes((name) => `${name}2`),
  ofBytes((name) => name.replace(/(^|\/)[^/]+\/\.\.(?=\/|$)/, '')),
  ofBytes((name) => name.replace(/(^|\/)\.(?=\/|$)/, '')),
  ofBytes((name) => name.slice(0, 1 + name.lastIndexOf('/'))),
  ofBytes((name) => name.slice(0, -1)),
  ofBytes((name) => name.slice(0, 255)),
  ofBytes((name) => name.replace(/[\0-\x1f\x7f]/g, '')),
  ofBytes((name) => name.replace(/\n/g, '\r\n')),
  ofBytes((name) => name.replace(/\r\n?/g, '\n')),
  ofBytes((name) => name.replace(/\0.*/s, '')),
  ofBytes((name) => name.replaceAll('\\', '/')),
  ofBytes((name) => name.replaceAll('+', ' ')),
  ofBytes((name) => name.replaceAll(' ', '+')),
  ofBytes((name) => name.replace(/%([0-9a-f]{2})/gi, (_all, hex) => String.fromCharCode(parseInt(hex, 16)))),
  ofBytes((name) => name.replace(/[^\w./~-]/g, (character) => percent(character.charCodeAt(0)))),
  ofBytes((name) => name.replaceAll('%', '%25')),
  ofBytes((name) => name.replace(/[?#].*/s, '')),
  ofBytes((name) => name.replace(/^[a-z]:/i, '')),
  ofBytes((name) => `&amp;${name}`.replace('&amp;', name.includes('&') ? '&amp;' : '')),
  ofText((name) => name),
  ofText((name) => name.trim()),
  ofText((name) => ` ${name} `),
  ofText((name) => name.normalize('NFC')),
  ofText((name) => name.normalize('NFD')),
  ofText((name) => name.normalize('NFKC')),
  ofText((name) => name.toUpperCase()),
  ofText((name) => name.toLowerCase()),
  ofText((name) => name.replace(/[\ufeff\u200b\u202e]/g, '')),
  (name, random) => flipped(name, random),
];

/**
 * The same with one bit of it turned.
 * @param {Buffer} name
 * @param {FormRandom} random
 */
function flipped(name, random) {
  const other = Buffer.from(name);
  const at = random.below(other.length);
  other[at] = (other[at] ?? 0) ^ (1 << random.below(8));
  return other;
}

/** @param {number} code */
function percent(code) {
  return `%${code.toString(16).toUpperCase().padStart(2, '0')}`;
}

/** @param {Buffer} bytes */
function isName(bytes) {
  return bytes.length > 0 && bytes.length <= MAX_NAME_BYTES;
}

/** @param {readonly Buffer[]} names */
function distinct(names) {
  return [...new Map(names.map((name) => [name.toString('latin1'), name])).values()];
}
