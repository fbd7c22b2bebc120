import type { Span } from '../ast.js';
import { isBlank } from '../lexer/characters.js';
import { Lexer } from '../lexer/lexer.js';
import type { Token } from '../lexer/token.js';
import { SAFE_OPTIONS, SAFE_STATEMENTS, SAFE_WORDS } from './safe-words.js';
import { BEFORE_NAMES, indexOfSecretName } from './secret-names.js';

/** Statements about connections. They may contain options by mistake. */
const ABOUT_CONNECTIONS = /^\s*\w+\s+connection/i;
const LOCATION = /^'(?:[a-z0-9]+:\/\/|[@/])/i;
/** Characters that begin a string, a quoted name or a comment. */
const UNCLOSED = new Set('\'"`/');
/** Matches the host after a quoted user name. */
const HOST = /@'[\w.%:-]{1,60}'(?=[\s,;)]|$)/y;
const BEFORE_USERS = new Set(['USER', 'EXISTS', 'TO', 'FROM', 'FOR']);
const SAFE_VALUES = new Set(['TRUE', 'FALSE', 'NULL', '(']);

/**
 * Finds the parts of a statement that a message must not show: values of connection options, and anything that could be one.
 * The text may be invalid SQL, with a secret in wrong quotes or an option with a misspelled name.
 *
 * @param shown the part of the text that the message shows.
 */
export function secretSpans(sql: string, shown: Span): readonly Span[] {
  const spans = new SecretFinder(sql).upTo(shown.end);
  return spans.filter(({ end }) => end > shown.start);
}

class SecretFinder {
  readonly #sql: string;
  readonly #spans: Span[] = [];
  #lexer: Lexer;
  #mayHoldSecrets = false;
  /** The offset of the first name of a secret; Infinity if there is none. */
  readonly #firstSecretName: number;
  #endOfToken = 0;
  /** `SET TAG` or `UNSET TAG` has been seen. */
  #isInTags = false;
  /** The last name of a tag, in upper case. */
  #tag: string | undefined;
  /** The current list of values may be shown. */
  #isSafeList = false;
  /** The texts of the two previous tokens, in upper case. */
  #previous: readonly [string, string] = ['', ''];

  constructor(sql: string) {
    this.#sql = sql;
    this.#lexer = new Lexer(sql);
    this.#firstSecretName = indexOfSecretName(sql);
  }

  upTo(end: number): readonly Span[] {
    let token = this.#lexer.next();
    const isOpen = SAFE_STATEMENTS.has(this.#text(token).toUpperCase()) && !ABOUT_CONNECTIONS.test(this.#sql);
    this.#mayHoldSecrets = !isOpen || this.#firstSecretName !== Infinity;
    while (token.kind !== 'end' && token.start < end) {
      const text = token.kind === 'string' ? "'" : this.#text(token).toUpperCase();
      if (this.#firstSecretName !== Infinity) this.#coverComment(token);
      const endOfUser = this.#endOfUser(token);
      if (endOfUser !== undefined) {
        this.#lexer = new Lexer(this.#sql, endOfUser);
      } else if (this.#mayHoldSecrets && this.#isBroken(token)) {
        this.#cover(token.start + 1, this.#sql.length);
        break;
      } else if (this.#mayHoldSecrets) this.#inspect(token, text);
      this.#endOfToken = endOfUser ?? token.end;
      // A parser stops at an invalid token, but the message may show more text.
      if (token.kind === 'invalid') this.#lexer = new Lexer(this.#sql, token.end);
      this.#previous = [this.#previous[1], text];
      token = this.#lexer.next();
    }
    // The token that ends the search may follow a comment that is shown.
    if (this.#firstSecretName !== Infinity) this.#coverComment(token);
    return this.#spans;
  }

  /** Covers the text between two tokens, unless it is blank. */
  #coverComment({ start }: Token): void {
    if (this.#sql.slice(this.#endOfToken, start).trim() !== '') this.#cover(this.#endOfToken, start);
  }

  /** @returns the end of `'u'@'%'` if the token is the name of a user; undefined for any other token. */
  #endOfUser({ kind, end }: Token): number | undefined {
    HOST.lastIndex = end;
    const isUser = kind === 'string' && BEFORE_USERS.has(this.#previous[1]) && HOST.test(this.#sql);
    return isUser ? HOST.lastIndex : undefined;
  }

  /** Do the quotes not close, or close in the middle of a word? Then their content is uncertain. */
  #isBroken(token: Token): boolean {
    if (token.kind === 'invalid') return UNCLOSED.has(this.#sql.charAt(token.start));
    if (token.kind !== 'string') return false;
    const following = this.#sql.charAt(token.end);
    return following !== '' && following !== ';' && !endsBareValue(following);
  }

  #inspect(token: Token, text: string): void {
    const [option, equals] = this.#previous;
    const isValue = equals === '=' || equals === '=>';
    if (this.#isInSafeList(token, text) || this.#isTag(token, text)) return;
    if (isValue && SAFE_OPTIONS.has(option) && !hasUserInfoOrQuery(this.#text(token))) return;
    if (token.kind === 'string') {
      // A password may look like a location.
      const isLocation = token.start < this.#firstSecretName && LOCATION.test(this.#text(token));
      if (isValue || !isLocation) this.#cover(token.start + 1, token.end - 1);
    } else if (isValue && !SAFE_VALUES.has(text)) {
      const end = this.#endOfBareValue(token);
      this.#cover(token.start, end);
      this.#lexer = new Lexer(this.#sql, end);
    } else if (token.start > this.#firstSecretName && this.#mayBeSecret(token, text))
      this.#cover(token.start, token.end);
  }

  /** Is it a string of `NULL_IF = ('a', 'b')`? */
  #isInSafeList(token: Token, text: string): boolean {
    const [option, before] = this.#previous;
    if (text === '(') this.#isSafeList = option === 'NULL_IF' && before === '=';
    else if (token.kind !== 'string' && text !== ',') this.#isSafeList = false;
    return this.#isSafeList && token.kind === 'string' && (before === '(' || before === ',');
  }

  /** Is it part of `SET TAG a = 'b', …` or `UNSET TAG a, …`? Not the value of a tag with the name of a secret. */
  #isTag(token: Token, text: string): boolean {
    const [name, before] = this.#previous;
    if (text === 'TAG' && (before === 'SET' || before === 'UNSET')) this.#isInTags = true;
    if (!this.#isInTags) return false;
    if (before === 'TAG' || before === ',') {
      this.#tag = text;
      return true;
    }
    if (text === '=' || text === ',' || text === 'TAG') return true;
    // Any other token ends the list of tags.
    this.#isInTags = token.kind === 'string' && before === '=' && name === this.#tag;
    const isOpen = indexOfSecretName(name) === Infinity && !hasUserInfoOrQuery(this.#text(token));
    return this.#isInTags && isOpen;
  }

  /** May a word without `=` on either side be a secret? The `=` may be missing or misspelled. */
  #mayBeSecret(token: Token, text: string): boolean {
    if (token.kind === 'symbol' || SAFE_WORDS.has(text) || BEFORE_NAMES.has(this.#previous[1])) return false;
    return !/^\s*=/.test(this.#sql.slice(token.end, token.end + 20));
  }

  #endOfBareValue(token: Token): number {
    let end = token.end;
    while (end < this.#sql.length && !endsBareValue(this.#sql.charAt(end))) end++;
    return end;
  }

  #cover(start: number, end: number): void {
    if (end > start) this.#spans.push({ start, end });
  }

  #text(token: Token): string {
    return this.#sql.slice(token.start, token.end);
  }
}

/** Does a URL have user info, which may hold a password, or a query, which may hold anything? */
function hasUserInfoOrQuery(text: string): boolean {
  const scheme = text.indexOf('://');
  return scheme !== -1 && /[@?]/.test(text.slice(scheme));
}

function endsBareValue(character: string): boolean {
  return character === ',' || character === ')' || isBlank(character.charCodeAt(0));
}
