/** @import { FormRandom } from './form-random.mjs' */

const ANYWHERE = [
  '\r\n',
  '\n',
  '\r',
  '\r\n\r\n',
  '\n\n',
  '--',
  '-',
  '"',
  ';',
  ':',
  '=',
  ' ',
  '\t',
  '\\',
  '\0',
  '\x7f',
  '\xff',
  '%22',
];
const IN_FORMS = [
  'Content-Disposition: form-data; name="x"; filename="y"',
  'content-disposition:form-data;name=x;filename=y',
  'Content-Disposition: form-data; name="t"',
  'Content-Disposition: form-data; name="t"; filename=""',
  'Content-Disposition: form-data; filename="nameless"',
  'Content-Disposition: form-data; name="x"; filename*=UTF-8\'\'z',
  'Content-Disposition: attachment; filename="y"',
  'Content-Disposition: form-data; name="x"; filename="../../y"',
  'Content-Disposition: form-data; name="x"; filename="q\\"q"',
  'Content-Type: multipart/mixed; boundary=inner',
  'Content-Type: text/plain; charset=',
  'Content-Transfer-Encoding: base64',
  'Content-Length: 1',
  ' folded',
  'no colon',
  ': no name',
  'filename="z"',
  '; filename="z"',
];
const IN_HEADS = [
  'Content-Length: 0',
  'Content-Length: 5',
  'Content-Length: -1',
  'Content-Length: 18446744073709551617',
  'Transfer-Encoding: chunked',
  'Transfer-Encoding: identity',
  'Transfer-Encoding: gzip, chunked',
  'Content-Encoding: gzip',
  'Content-Type: text/plain',
  'Content-Type: multipart/form-data',
  'Content-Type: multipart/form-data; boundary=""',
  'Content-Type: multipart/form-data; x="; boundary=zzz"; boundary=b',
  'Content-Type: multipart/mixed; boundary=b',
  'Expect: 100-continue',
  'Expect: 200-maybe',
  'Connection: close',
  'Upgrade: h2c',
  ' folded',
  'no colon',
];
const IN_CHUNKS = [
  '0',
  '1',
  'f',
  'FFFFFFFF',
  'fffffffffffffffff',
  '-1',
  '0x4',
  '+3',
  '00',
  'g',
  '3;x=y',
  '3 ',
  ' 3',
  '0\r\n\r\n',
];

const EMPTY = Buffer.alloc(0);
/** @type {(text: string) => Buffer} */
const asBytes = (text) => Buffer.from(text, 'latin1');

/**
 * What is thrown into the pieces of a form with this boundary.
 * @param {string} boundary
 */
export function formFragments(boundary) {
  const dashed = `--${boundary}`;
  const delimiters = ['', '--', '\r\n', '--\r\n', ' ', ' \r\n', '-', '-\r\n', '\n', 'x', '--x', '-- ', '\r'];
  const forms = delimiters.flatMap((end) => [dashed + end, `\r\n${dashed}${end}`, `\n${dashed}${end}`]);
  return [...ANYWHERE, ...IN_FORMS, ...IN_FORMS.map((line) => `${line}\r\n`), ...forms].map(asBytes);
}

export const HEAD_FRAGMENTS = [...ANYWHERE, ...IN_HEADS, ...IN_HEADS.map((line) => `${line}\r\n`)].map(
  asBytes,
);
export const CHUNK_FRAGMENTS = [...ANYWHERE, ...IN_CHUNKS].map(asBytes);

/**
 * Deletes, repeats, swaps, replaces, inserts or damages one piece of a list.
 * @param {FormRandom} random
 * @param {readonly Buffer[]} pieces
 * @param {readonly Buffer[]} fragments
 */
export function mutatePieces(random, pieces, fragments) {
  const at = random.below(pieces.length);
  const other = random.below(pieces.length);
  const [piece = EMPTY, otherPiece = EMPTY] = [pieces[at], pieces[other]];
  const changed = [...pieces];
  switch (random.below(7)) {
    case 0:
      changed.splice(at, 1);
      break;
    case 1:
      changed.splice(at, 0, piece);
      break;
    case 2:
      changed[at] = otherPiece;
      changed[other] = piece;
      break;
    case 3:
      changed[at] = random.pick(fragments);
      break;
    case 4:
    case 5:
      changed.splice(at, 0, random.pick(fragments));
      break;
    default:
      changed[at] = mutateBytes(random, piece, fragments);
  }
  return changed;
}

/**
 * Flips, deletes, repeats, inserts or cuts at one place of some bytes.
 * @param {FormRandom} random
 * @param {Buffer} bytes
 * @param {readonly Buffer[]} fragments
 * @returns {Buffer}
 */
export function mutateBytes(random, bytes, fragments) {
  const at = random.below(bytes.length + 1);
  const to = Math.min(bytes.length, at + 1 + random.below(random.pick([1, 2, 8, 40])));
  const before = bytes.subarray(0, at);
  const taken = bytes.subarray(at, to);
  const after = bytes.subarray(to);
  switch (random.below(8)) {
    case 0:
      return Buffer.concat([before, flipped(random, taken), after]);
    case 1:
      return Buffer.concat([before, after]);
    case 2:
      return Buffer.concat([before, taken, taken, after]);
    case 3:
      return Buffer.concat([before, random.bytes(1 + random.below(3)), taken, after]);
    case 4:
      return Buffer.concat([before, random.pick(fragments), taken, after]);
    case 5:
      return Buffer.concat([before, random.pick(fragments), after]);
    case 6:
      return Buffer.concat([before, otherLineEnds(taken), after]);
    default:
      return random.chance(0.3)
        ? Buffer.from(before)
        : Buffer.concat([before, taken, random.bytes(1), after]);
  }
}

/**
 * @param {FormRandom} random
 * @param {Buffer} bytes
 */
function flipped(random, bytes) {
  if (bytes.length === 0) return bytes;
  const copy = Buffer.from(bytes);
  const at = random.below(copy.length);
  copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
  return copy;
}

/** @param {Buffer} bytes */
function otherLineEnds(bytes) {
  return asBytes(bytes.toString('latin1').replace(/\r\n/g, '\n').replace(/\r/g, ''));
}
