import { compareByteOrder } from '../../common/byte-order.js';

/**
 * Escapes bytes that are not valid UTF-8, because stores keep names as bytes. Such a byte is written as this noncharacter and
 * two hexadecimal digits, and so are the three bytes of the noncharacter itself. The mapping is one to one.
 */
export const ESCAPE = '\uFDD0';

const ESCAPED_BYTE = /\xef\xb7\x90([\dA-F]{2})/g;
/** Matches, in UTF-8 bytes read as Latin-1, a run of whole characters without the noncharacter, or else one byte. */
const CHARACTERS_OR_BYTE = new RegExp(
  '((?:(?!\xef\xb7\x90)(?:' +
    [
      '[^\x80-\xff]',
      '[\xc2-\xdf][\x80-\xbf]',
      '\xe0[\xa0-\xbf][\x80-\xbf]',
      '[\xe1-\xec\xee\xef][\x80-\xbf]{2}',
      '\xed[\x80-\x9f][\x80-\xbf]',
      '\xf0[\x90-\xbf][\x80-\xbf]{2}',
      '[\xf1-\xf3][\x80-\xbf]{3}',
      '\xf4[\x80-\x8f][\x80-\xbf]{2}',
    ].join('|') +
    '))+)|[\\s\\S]',
  'g',
);

/** Returns the key that stands for a name of these bytes. */
export function keyFromBytes(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (!text.includes('\uFFFD') && !text.includes(ESCAPE)) return text;
  return bytes
    .toString('latin1')
    .replace(CHARACTERS_OR_BYTE, (piece, characters?: string) =>
      characters === undefined ? escapedByte(piece.charCodeAt(0)) : Buffer.from(piece, 'latin1').toString(),
    );
}

/** Returns the bytes of a key; undefined for a text that is no valid key. */
export function keyBytes(text: string): Buffer | undefined {
  if (!text.isWellFormed()) return undefined;
  const bytes = Buffer.from(text);
  if (!text.includes(ESCAPE)) return bytes;
  const plain = bytes
    .toString('latin1')
    .replace(ESCAPED_BYTE, (_escape, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  const unescaped = Buffer.from(plain, 'latin1');
  return keyFromBytes(unescaped) === text ? unescaped : undefined;
}

/** Compares two keys in the order of their bytes. */
export function compareKeys(a: string, b: string): number {
  if (!a.includes(ESCAPE) && !b.includes(ESCAPE)) return compareByteOrder(a, b);
  return Buffer.compare(keyBytes(a) ?? Buffer.from(a), keyBytes(b) ?? Buffer.from(b));
}

function escapedByte(byte: number): string {
  return ESCAPE + byte.toString(16).toUpperCase().padStart(2, '0');
}
