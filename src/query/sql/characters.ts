const WORD_START = 1;
const WORD_PART = 2;
const DIGIT = 4;
const BLANK = 8;

const CLASSES = classesOfAscii();
const UNICODE_WORD_START = /^\p{XID_Start}$/u;
const UNICODE_WORD_PART = /^\p{XID_Continue}$/u;
/** Unicode's White_Space beyond ASCII. */
const UNICODE_SPACE = /^[\u0085\p{Z}]$/u;

function classesOfAscii(): Uint8Array {
  const classes = new Uint8Array(128);
  const add = (characters: string, flags: number): void => {
    for (const character of characters) classes[character.charCodeAt(0)] = flags;
  };
  add('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_', WORD_START | WORD_PART);
  add('$', WORD_PART);
  add('0123456789', WORD_PART | DIGIT);
  add(' \t\r\n\f', BLANK);
  return classes;
}

function has(code: number, flag: number): boolean {
  return ((CLASSES[code] ?? 0) & flag) !== 0;
}

/** Databend's unquoted identifier: `[_\p{XID_Start}][_$\p{XID_Continue}]*`. */
export function startsWord(code: number): boolean {
  return code < 128 ? has(code, WORD_START) : UNICODE_WORD_START.test(String.fromCodePoint(code));
}

export function continuesWord(code: number): boolean {
  return code < 128 ? has(code, WORD_PART) : UNICODE_WORD_PART.test(String.fromCodePoint(code));
}

export function isDigit(code: number): boolean {
  return has(code, DIGIT);
}

/** What stands between tokens. */
export function isBlank(code: number): boolean {
  return has(code, BLANK);
}

/** What ends a location token: more than what may stand between tokens. */
export function isSpace(code: number): boolean {
  if (code < 128) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  return UNICODE_SPACE.test(String.fromCodePoint(code));
}

export function isControl(code: number): boolean {
  return code < 0x20 || code === 0x7f;
}
