import type { Span } from '../ast.js';
import { Lexer } from './lexer.js';
import { contentOfLocation, contentOfQuotedName, contentOfString } from './literal-text.js';
import { secretSpans } from '../messages/secret-spans.js';
import { sqlError } from '../messages/sql-snippet.js';
import { expectation, unexpected } from '../messages/syntax-message.js';
import type { Token } from './token.js';

/** More than any statement needs, and read in no time. */
export const MAX_TOKENS = 50_000;

/**
 * The tokens of a text as a parser wants them: `accept…` takes one if it is there, `expect…` refuses the text if it is
 * not. What was asked for in vain at the place of an error is what its message says was expected there.
 */
export class TokenStream {
  readonly sql: string;
  #lexer: Lexer;
  readonly #ahead: Token[] = [];
  #taken = 0;
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

  /** Where the last token ended that was taken. */
  get endOfPrevious(): number {
    return this.#previous?.end ?? 0;
  }

  text(token: Token): string {
    return this.sql.slice(token.start, token.end);
  }

  take(): Token {
    const token = this.peek();
    if (++this.#taken > MAX_TOKENS)
      this.failAt(token, `there are too many words: ${String(MAX_TOKENS)} are the most`);
    this.#ahead.shift();
    this.#previous = token;
    if (this.#expected.length > 0) this.#expected = [];
    return token;
  }

  /** The word that stands there, in upper case. */
  word(distance = 0): string | undefined {
    const token = this.peek(distance);
    return token.kind === 'word' ? this.text(token).toUpperCase() : undefined;
  }

  isWord(word: string, distance = 0): boolean {
    const token = this.peek(distance);
    // Most tokens are told apart by their length, without a copy of their text.
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
    const found = words.find((word) => this.isWord(word));
    if (found === undefined) this.#expected.push(...words);
    else this.take();
    return found;
  }

  acceptSymbol(symbol: string): boolean {
    const found = this.isSymbol(symbol);
    if (found) this.take();
    else this.#expected.push(symbol);
    return found;
  }

  expectWord(...words: readonly string[]): string {
    return this.acceptWord(...words) ?? this.fail();
  }

  expectSymbol(symbol: string): void {
    if (!this.acceptSymbol(symbol)) this.fail();
  }

  /** `'…'`; a name in other quotes is none. */
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

  /** An unquoted identifier, as it was written. */
  acceptPlainName(what: string): string | undefined {
    if (this.peek().kind === 'word') return this.text(this.take());
    this.expecting(what);
    return undefined;
  }

  /** An identifier, quoted or not, as it was written. */
  expectName(what: string): string {
    const token = this.peek();
    if (token.kind === 'quoted') return contentOfQuotedName(this.text(this.take()));
    return this.acceptPlainName(what) ?? this.fail();
  }

  /** `@stage/path` with its `@`, the escapes resolved. */
  expectLocation(): string {
    const token = this.peek();
    if (token.kind === 'location') return contentOfLocation(this.text(this.take()));
    this.expecting('a location such as @stage/path');
    return this.fail();
  }

  /** Without a sign. A greater one than JavaScript can count with becomes the greatest. */
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

  /** One `;` may stand at the end, and nothing behind it. */
  expectEnd(): void {
    this.acceptSymbol(';');
    if (this.peek().kind !== 'end') this.fail();
  }

  /** What stands before that place is not looked at. */
  skipTo(offset: number): void {
    this.#ahead.length = 0;
    this.#lexer = new Lexer(this.sql, offset);
  }

  skipRest(): void {
    this.skipTo(this.sql.length);
  }

  /** Says what else could stand here, for the message of an error. */
  expecting(what: string): void {
    this.#expected.push(expectation(what));
  }

  /** Refuses what stands here. */
  fail(): never {
    const token = this.peek();
    const follows = this.#previous === undefined ? '' : this.text(this.#previous);
    const isSecret = secretSpans(this.sql, token).length > 0;
    return this.failAt(token, unexpected(token, this.sql, { expected: this.#expected, follows, isSecret }));
  }

  failAt(span: Span, message: string): never {
    throw sqlError('Syntax', this.sql, span, message);
  }
}
