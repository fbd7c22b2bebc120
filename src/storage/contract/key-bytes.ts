import { compareByteOrder } from '../../common/byte-order.js';

/**
 * Stores keep names as bytes, and not all of them are UTF-8. A byte that belongs to no character is written as this
 * noncharacter and the byte's two hexadecimal digits, and so are the three bytes of the noncharacter itself: every name
 * has one spelling, and no two names have the same.
 */
export const ESCAPE = '\uFDD0';

const ESCAPED_BYTE = /\xef\xb7\x90([\dA-F]{2})/g;
/** UTF-8 as bytes of Latin-1: as many whole characters as there are, the noncharacter left out; else one byte. */
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

/** How a name of these bytes is written. */
export function keyFromBytes(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (!text.includes('\uFFFD') && !text.includes(ESCAPE)) return text;
  return bytes
    .toString('latin1')
    .replace(CHARACTERS_OR_BYTE, (piece, characters?: string) =>
      characters === undefined ? escapedByte(piece.charCodeAt(0)) : Buffer.from(piece, 'latin1').toString(),
    );
}

/** The bytes of a name; undefined where no name is written so. */
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

/** Compares two names as their bytes would compare. */
export function compareKeys(a: string, b: string): number {
  if (!a.includes(ESCAPE) && !b.includes(ESCAPE)) return compareByteOrder(a, b);
  return Buffer.compare(keyBytes(a) ?? Buffer.from(a), keyBytes(b) ?? Buffer.from(b));
}

function escapedByte(byte: number): string {
  return ESCAPE + byte.toString(16).toUpperCase().padStart(2, '0');
}
