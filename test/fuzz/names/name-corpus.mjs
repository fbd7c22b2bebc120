/*
 * Hostile names. A name is `{ text, bytes }`: what stands in JSON and in SQL, and what stands in URLs, headers and forms;
 * they differ where no text has those bytes.
 */
import { FormRandom } from '../forms/form-random.mjs';

/**
 * As it stands in JSON and SQL, and as it stands in URLs, headers and forms.
 *
 * @typedef {{ text: string, bytes: Buffer }} HostileName
 */

/** From a stage's own folder to the canaries around it, on disk and in a bucket alike. */
const CLIMBS = [
  '../canary.txt',
  '../sibling/canary.txt',
  '../../user/root/canary.txt',
  '../../../canary.txt',
  '../../outside/canary.txt',
  'a/../../sibling/canary.txt',
  '../other/new.txt',
  '../targetcanary.txt',
];

/**
 * The same climb, as it has been written to get past somebody's check.
 *
 * @type {readonly ((path: string) => string)[]}
 */
const DISGUISES = [
  (path) => path,
  (path) => path.replaceAll('..', '%2e%2e'),
  (path) => path.replaceAll('/', '%2f'),
  (path) => path.replaceAll('../', '%252e%252e%252f'),
  (path) => path.replaceAll('/', '\\'),
  (path) => path.replaceAll('../', '..\\/'),
  (path) => path.replaceAll('../', '....//'),
  (path) => path.replaceAll('../', '..;/'),
  (path) => path.replaceAll('../', '.././/'),
  (path) => path.replaceAll('../', '..\0/'),
  (path) => path.replaceAll('../', '..%00/'),
  (path) => path.replaceAll('../', '.. /'),
  (path) => path.replaceAll('..', '．．'),
  (path) => path.replaceAll('..', '‥'),
  (path) => path.replaceAll('/', '∕'),
  (path) => path.replaceAll('/', '／'),
  (path) => path.replaceAll('..', '.\u200b.'),
  (path) => `x/${path}/..`,
  (path) => `/${path}`,
  (path) => `./${path}`,
  (path) => `${path}/`,
  (path) => `${path}\0.csv`,
  (path) => `link-up/${path}`,
];

const ABSOLUTE = [
  '/etc/passwd',
  '//etc/passwd',
  '///etc/passwd',
  'file:///etc/passwd',
  '/proc/self/environ',
  '/',
];
const WINDOWS = [
  'C:\\x',
  'c:/x',
  'C:x',
  '\\\\host\\share\\x',
  '//host/share/x',
  '\\\\?\\C:\\x',
  'NUL',
  'con.txt',
  'a:b:$DATA',
];
const LINKS = [
  'link-dir',
  'link-dir/canary.txt',
  'link-dir/new.txt',
  'link-dir/deep/new.txt',
  'link-file',
  'link-file/x',
  'link-up/canary.txt',
  'link-up/sibling/canary.txt',
  'link-dangling',
  'link-loop',
  'link-loop/x',
];
const OWN = [
  '.stagedoor-unfinished/x',
  '.stagedoor-unfinished/canary.txt',
  'a/.stagedoor-unfinished/x',
  '.stagedoor-unfinished',
  '../.stagedoor-unfinished/canary.txt',
  '../../../.stagedoor-unfinished/canary.txt',
  '~',
  '~/canary.txt',
  '@~/canary.txt',
  '@sibling/canary.txt',
  '@target/../sibling/canary.txt',
  'sibling/canary.txt',
  'stagedoor.db',
  '../../../../stagedoor.db',
  '../../../../connection.key',
];
const ODD = [
  '',
  ' ',
  '.',
  '..',
  '...',
  '../',
  './',
  'dir',
  'dir/',
  'dir/.',
  'dir/..',
  'dir/inside.txt/x',
  'a//b',
  'a.',
  'a ',
  ' a',
  'a\t',
  'a\r\nX-Injected: 1',
  'a\nb',
  'a\0b',
  'a\x7f',
  'a\x1b[31m',
  'a\u0085b',
  '\ud800',
  'a\udc00/b',
  '\ufeffa',
  '\u202egnp.exe',
  'é',
  'e\u0301',
  'ﬁ',
  'İ',
  'ѕibling',
  'ＳＩＢＬＩＮＧ',
  'a'.repeat(255),
  'a'.repeat(256),
  'é'.repeat(128),
  `${'b'.repeat(200)}/`.repeat(5) + 'c',
  `${'d/'.repeat(600)}e`,
  'x'.repeat(5000),
  '*',
  '?',
  '[a-z]*',
  '.*',
  '%',
  '%zz',
  '%00',
  '%2f',
  '%ff',
  "a'b",
  'a"b',
  'a`b',
  'a;b',
  'a#b',
  'a?b=c',
  'a&b',
  'a+b',
  '$(id)',
  '`id`',
  '| id',
  "' OR 1=1 --",
  '__proto__',
  'constructor',
  'files',
  'presign',
];
/** Bytes that are no UTF-8: overlong forms, encoded surrogates, halves. */
const BYTES = [
  '\xc0\xae\xc0\xae/canary.txt',
  '\xc0\xae\xc0\xae\xc0\xafcanary.txt',
  '..\xc0\xafcanary.txt',
  '..\xe0\x80\xafsibling/canary.txt',
  '..\xc1\x9ccanary.txt',
  '\xed\xa0\x80',
  '\xff\xfe',
  'a\xc3',
  '\xf4\x90\x80\x80',
];

/** @param {string} text */
const named = (text) => ({ text, bytes: Buffer.from(text) });

/**
 * All hostile names that were thought of, and so many more that are made of their pieces.
 * @param {number} seed
 * @param {number} randomCount
 * @returns {HostileName[]}
 */
export function hostileNames(seed, randomCount) {
  const climbs = DISGUISES.flatMap((disguise) => CLIMBS.map((climb) => disguise(climb)));
  const texts = [
    ...climbs,
    ...ABSOLUTE,
    ...WINDOWS,
    ...LINKS,
    ...OWN,
    ...ODD,
    ...randomNames(seed, randomCount),
  ];
  const broken = BYTES.map((text) => ({ text, bytes: Buffer.from(text, 'latin1') }));
  return [...texts.map(named), ...broken];
}

const PIECES = [
  '..',
  '.',
  '/',
  '\\',
  '%2e',
  '%2f',
  '%5c',
  '%25',
  '\0',
  ' ',
  'a',
  'link-dir',
  'link-up',
  'sibling',
  'canary.txt',
  '~',
  '@',
  ':',
  '//',
  'é',
  '\u2215',
  '\ud800',
  ';',
];

/**
 * @param {number} seed
 * @param {number} count
 */
function randomNames(seed, count) {
  return Array.from({ length: count }, (_, index) => {
    const random = new FormRandom(seed, index);
    const path = random.pick([...CLIMBS, ...LINKS, ...OWN]);
    const at = random.below(path.length + 1);
    const pieces = Array.from({ length: 1 + random.below(4) }, () => random.pick(PIECES)).join('');
    return random.pick([
      pieces + path,
      path.slice(0, at) + pieces + path.slice(at),
      `a/${pieces}${pieces}${path}`,
    ]);
  });
}
