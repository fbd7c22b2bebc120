const WORD_START = 1;
const WORD_PART = 2;
const DIGIT = 4;
const BLANK = 8;
const SPACE = 16;
const HEX_DIGIT = 32;

const UNKNOWN = 128;

/** Class flags by code unit. Those beyond ASCII are computed at first use. */
const CLASSES = new Uint8Array(0x10000).fill(UNKNOWN);
CLASSES.set(classesOfAscii());
const UNICODE_WORD_START = /^\p{XID_Start}$/u;
const UNICODE_WORD_PART = /^\p{XID_Continue}$/u;
/** Unicode's White_Space beyond ASCII. */
const UNICODE_SPACE = /^[\u0085\p{Z}]$/u;

function classesOfAscii(): Uint8Array {
  const classes = new Uint8Array(128);
  const add = (characters: string, flags: number): void => {
    for (const character of characters) {
      const code = character.charCodeAt(0);
      classes[code] = (classes[code] ?? 0) | flags;
    }
  };
  add('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_', WORD_START | WORD_PART);
  add('$', WORD_PART);
  add('0123456789', WORD_PART | DIGIT);
  add('0123456789abcdefABCDEF', HEX_DIGIT);
  add(' \t\r\n\f', BLANK | SPACE);
  add('\v', SPACE);
  return classes;
}

function hasClass(code: number, flag: number): boolean {
  const characterClass = CLASSES[code];
  if (characterClass === undefined) return (classOf(code) & flag) !== 0;
  if (characterClass === UNKNOWN) CLASSES[code] = classOf(code);
  return ((CLASSES[code] ?? 0) & flag) !== 0;
}

function classOf(code: number): number {
  const character = String.fromCodePoint(code);
  if (UNICODE_SPACE.test(character)) return SPACE;
  const part = UNICODE_WORD_PART.test(character) ? WORD_PART : 0;
  return UNICODE_WORD_START.test(character) ? part | WORD_START : part;
}

/** Can the character begin an identifier? Databend's rule is `[_\p{XID_Start}][_$\p{XID_Continue}]*`. */
export function startsWord(code: number): boolean {
  return hasClass(code, WORD_START);
}

export function continuesWord(code: number): boolean {
  return hasClass(code, WORD_PART);
}

export function isDigit(code: number): boolean {
  return hasClass(code, DIGIT);
}

export function isHexDigit(code: number): boolean {
  return hasClass(code, HEX_DIGIT);
}

/** Can the character separate tokens? */
export function isBlank(code: number): boolean {
  return hasClass(code, BLANK);
}

/** Does the character end a location token? More characters do than may separate tokens. */
export function isSpace(code: number): boolean {
  return hasClass(code, SPACE);
}

export function isControl(code: number): boolean {
  return code < 0x20 || code === 0x7f;
}
