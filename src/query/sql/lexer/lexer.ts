import { continuesWord, isBlank, isControl, isDigit, isHexDigit, isSpace, startsWord } from './characters.js';
import type { Token, TokenKind } from './token.js';

/** Longest first. */
const LONG_SYMBOLS = ['<=>', '=>', '==', '<>', '!=', '<=', '>=', '||', '::'];
const NOT_IN_LOCATIONS = new Set(',`;()');
const BACKSLASH = '\\';

/**
 * Splits SQL into tokens, one for each call, in linear time. Never throws: text that is not a token gives a token of kind
 * `invalid`, so that the caller may read the text in another way.
 */
export class Lexer {
  readonly #sql: string;
  #offset: number;

  constructor(sql: string, offset = 0) {
    this.#sql = sql;
    this.#offset = offset;
  }

  /** Returns the next token; after the last or an invalid one, always `end`. */
  next(): Token {
    const unclosed = this.#skipBlanks();
    if (unclosed !== undefined) return this.#invalid(unclosed, this.#sql.length, 'this comment has no end');
    const start = this.#offset;
    const code = this.#sql.codePointAt(start);
    if (code === undefined) return this.#token('end', start);
    if (startsWord(code)) return this.#token('word', this.#endOfWord(start));
    if (isDigit(code) || (code === 0x2e && isDigit(this.#code(start + 1)))) return this.#number(start);
    return this.#quotedOrSymbol(start, code);
  }

  #quotedOrSymbol(start: number, code: number): Token {
    switch (this.#sql.charAt(start)) {
      case "'":
        return this.#quoted(start, 'string', true);
      case '"':
        return this.#quoted(start, 'quoted', true);
      case '`':
        return this.#quoted(start, 'quoted', false);
      case '@':
        return this.#location(start);
      default:
        return this.#symbol(start, code);
    }
  }

  /** @returns the start of a comment without an end; undefined if there is none. */
  #skipBlanks(): number | undefined {
    for (;;) {
      const code = this.#code(this.#offset);
      if (isBlank(code)) this.#offset++;
      else if (this.#sql.startsWith('--', this.#offset)) this.#offset = this.#endOfLine(this.#offset);
      else if (this.#sql.startsWith('/*', this.#offset)) {
        const end = this.#sql.indexOf('*/', this.#offset + 2);
        if (end === -1) return this.#offset;
        this.#offset = end + 2;
      } else return undefined;
    }
  }

  #endOfLine(offset: number): number {
    let end = offset;
    while (end < this.#sql.length && this.#sql[end] !== '\n' && this.#sql[end] !== '\f') end++;
    return end;
  }

  #endOfWord(start: number): number {
    let end = start;
    for (;;) {
      const code = this.#sql.codePointAt(end);
      if (code === undefined || !continuesWord(code)) return end;
      end += code > 0xffff ? 2 : 1;
    }
  }

  #endOfDigits(start: number): number {
    let end = start;
    while (isDigit(this.#code(end)) || (end > start && this.#sql[end] === '_')) end++;
    return end;
  }

  #number(start: number): Token {
    const end = this.#endOfHexNumber(start) ?? this.#endOfDecimalNumber(start);
    const following = this.#sql.codePointAt(end);
    if (following !== undefined && continuesWord(following)) {
      return this.#invalid(
        start,
        this.#endOfWord(end),
        'a number has no letters, and a name does not begin with a digit',
      );
    }
    return this.#token('number', end);
  }

  #endOfHexNumber(start: number): number | undefined {
    if (!/^0x[0-9a-f]$/i.test(this.#sql.slice(start, start + 3))) return undefined;
    let end = start + 3;
    while (isHexDigit(this.#code(end))) end++;
    return end;
  }

  #endOfDecimalNumber(start: number): number {
    const whole = this.#endOfDigits(start);
    return this.#endOfExponent(this.#sql[whole] === '.' ? this.#endOfDigits(whole + 1) : whole);
  }

  #endOfExponent(start: number): number {
    if (this.#sql[start] !== 'e' && this.#sql[start] !== 'E') return start;
    const sign = this.#sql[start + 1];
    const digits = sign === '+' || sign === '-' ? start + 2 : start + 1;
    return isDigit(this.#code(digits)) ? this.#endOfDigits(digits) : start;
  }

  /** Two quotes in a row are one quote of the content. */
  #quoted(start: number, kind: 'string' | 'quoted', escapes: boolean): Token {
    const quote = this.#sql[start];
    let at = start + 1;
    while (at < this.#sql.length) {
      if (escapes && this.#sql[at] === BACKSLASH) at++;
      else if (this.#sql[at] === quote) {
        if (!escapes || this.#sql[at + 1] !== quote) return this.#token(kind, at + 1);
        at++;
      }
      at++;
    }
    const what = kind === 'string' ? 'string' : 'quoted name';
    return this.#invalid(start, this.#sql.length, `this ${what} has no end`);
  }

  /** White space and quotes belong to the location if a backslash precedes them. */
  #location(start: number): Token {
    let at = start + 1;
    while (at < this.#sql.length) {
      const character = this.#sql.charAt(at);
      const code = character.charCodeAt(0);
      const escapable = isSpace(code) || character === "'" || character === '"';
      if (escapable ? this.#sql[at - 1] !== BACKSLASH : isControl(code)) break;
      if (NOT_IN_LOCATIONS.has(character)) break;
      at++;
    }
    return this.#token(at === start + 1 ? 'symbol' : 'location', at);
  }

  #symbol(start: number, code: number): Token {
    const long = LONG_SYMBOLS.find((symbol) => this.#sql.startsWith(symbol, start));
    if (long !== undefined) return this.#token('symbol', start + long.length);
    if (isControl(code)) return this.#invalid(start, start + 1, 'a control character cannot stand here');
    if (code < 128) return this.#token('symbol', start + 1);
    return this.#invalid(start, start + (code > 0xffff ? 2 : 1), 'this character cannot stand here');
  }

  #code(offset: number): number {
    return offset < this.#sql.length ? this.#sql.charCodeAt(offset) : 0;
  }

  #token(kind: TokenKind, end: number): Token {
    const start = this.#offset;
    this.#offset = end;
    return { kind, start, end, problem: undefined };
  }

  #invalid(start: number, end: number, problem: string): Token {
    this.#offset = this.#sql.length;
    return { kind: 'invalid', start, end, problem };
  }
}
