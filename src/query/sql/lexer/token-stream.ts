import type { Span } from '../ast.js';
import { Lexer } from './lexer.js';
import { contentOfLocation, contentOfQuotedName, contentOfString } from './literal-text.js';
import { secretSpans } from '../messages/secret-spans.js';
import { sqlError } from '../messages/sql-snippet.js';
import { expectation, unexpectedToken } from '../messages/syntax-message.js';
import type { Token } from './token.js';

/** More than any statement needs, and few enough to be read quickly. */
export const MAX_TOKENS = 50_000;

/**
 * The tokens of a text, for parsers. `accept…` takes a token if it is next; `expect…` throws if it is not. The stream records
 * the tokens that were tried at the current place. The message of an error lists them as expected.
 */
export class TokenStream {
  readonly sql: string;
  #lexer: Lexer;
  readonly #ahead: Token[] = [];
  #consumed = 0;
  #previous: Token | undefined;
  #expected: string[] = [];

  constructor(sql: string, offset = 0) {
    this.sql = sql;
    this.#lexer = new Lexer(sql, offset);
  }

  peek(distance = 0): Token {
    for (;;) {
      const token = this.#ahead[distance];
      if (token !== undefined) return token;
      this.#ahead.push(this.#lexer.next());
    }
  }

  /** The end of the last taken token. */
  get endOfPrevious(): number {
    return this.#previous?.end ?? 0;
  }

  text(token: Token): string {
    return this.sql.slice(token.start, token.end);
  }

  take(): Token {
    const token = this.peek();
    if (++this.#consumed > MAX_TOKENS)
      this.failAt(token, `there are too many words: at most ${String(MAX_TOKENS)} are allowed`);
    this.#ahead.shift();
    this.#previous = token;
    if (this.#expected.length > 0) this.#expected = [];
    return token;
  }

  /** Returns the word at a distance, in upper case; undefined for another token. */
  word(distance = 0): string | undefined {
    const token = this.peek(distance);
    return token.kind === 'word' ? this.text(token).toUpperCase() : undefined;
  }

  isWord(word: string, distance = 0): boolean {
    const token = this.peek(distance);
    // The length already differs for most tokens, which saves a copy of their text.
    return (
      token.kind === 'word' &&
      token.end - token.start === word.length &&
      this.text(token).toUpperCase() === word
    );
  }

  isSymbol(symbol: string, distance = 0): boolean {
    const token = this.peek(distance);
    return (
      token.kind === 'symbol' &&
      token.end - token.start === symbol.length &&
      this.sql.startsWith(symbol, token.start)
    );
  }

  acceptWord(...words: readonly string[]): string | undefined {
    const match = words.find((word) => this.isWord(word));
    if (match === undefined) this.#expected.push(...words);
    else this.take();
    return match;
  }

  acceptSymbol(symbol: string): boolean {
    const isMatch = this.isSymbol(symbol);
    if (isMatch) this.take();
    else this.#expected.push(symbol);
    return isMatch;
  }

  expectWord(...words: readonly string[]): string {
    return this.acceptWord(...words) ?? this.fail();
  }

  expectSymbol(symbol: string): void {
    if (!this.acceptSymbol(symbol)) this.fail();
  }

  /** Accepts `'…'`. Other quotes make a name, not a string. */
  acceptString(): string | undefined {
    const token = this.peek();
    if (token.kind !== 'string') {
      this.expecting('a string in single quotes');
      return undefined;
    }
    const content = contentOfString(this.text(token));
    if (content === undefined) this.failAt(token, 'this string has an escape that names no character');
    this.take();
    return content;
  }

  expectString(): string {
    return this.acceptString() ?? this.fail();
  }

  /** Accepts an unquoted identifier, in its original case. */
  acceptPlainName(what: string): string | undefined {
    if (this.peek().kind === 'word') return this.text(this.take());
    this.expecting(what);
    return undefined;
  }

  /** Expects an identifier, quoted or not, in its original case. */
  expectName(what: string): string {
    const token = this.peek();
    if (token.kind === 'quoted') return contentOfQuotedName(this.text(this.take()));
    return this.acceptPlainName(what) ?? this.fail();
  }

  /** Expects `@stage/path`. @returns it with its `@`, and with the escapes resolved. */
  expectLocation(): string {
    const token = this.peek();
    if (token.kind === 'location') return contentOfLocation(this.text(this.take()));
    this.expecting('a location such as @stage/path');
    return this.fail();
  }

  /** Expects an integer without a sign. One beyond the safe integers becomes the greatest safe integer. */
  expectInteger(): number {
    const token = this.peek();
    const text = token.kind === 'number' ? this.text(token).replaceAll('_', '') : '';
    if (!/^(?:[0-9]+|0x[0-9a-f]+)$/i.test(text)) {
      this.expecting('a whole number');
      return this.fail();
    }
    this.take();
    return Math.min(Number(text), Number.MAX_SAFE_INTEGER);
  }

  /** Expects the end of the text, or `;` and the end. */
  expectEnd(): void {
    this.acceptSymbol(';');
    if (this.peek().kind !== 'end') this.fail();
  }

  /** Continues at an offset. Skips the tokens before it. */
  skipTo(offset: number): void {
    this.#ahead.length = 0;
    this.#lexer = new Lexer(this.sql, offset);
  }

  skipRest(): void {
    this.skipTo(this.sql.length);
  }

  /** Adds a description to the expected tokens of an error message. */
  expecting(what: string): void {
    this.#expected.push(expectation(what));
  }

  /** Throws an error about the current token. */
  fail(): never {
    const token = this.peek();
    const follows = this.#previous === undefined ? '' : this.text(this.#previous);
    const isSecret = secretSpans(this.sql, token).length > 0;
    return this.failAt(
      token,
      unexpectedToken(token, this.sql, { expected: this.#expected, follows, isSecret }),
    );
  }

  failAt(span: Span, message: string): never {
    throw sqlError('Syntax', this.sql, span, message);
  }
}
