import type { Span } from '../ast.js';
import { isBlank } from '../lexer/characters.js';
import { Lexer } from '../lexer/lexer.js';
import type { Token } from '../lexer/token.js';
import { OPEN_OPTIONS, OPEN_STATEMENTS, SHOWN_WORDS } from './open-words.js';
import { BEFORE_NAMES, placeOfSecretName } from './secret-names.js';

/** Somebody may write options into them. */
const ABOUT_CONNECTIONS = /^\s*\w+\s+connection/i;
const LOCATION = /^'(?:[a-z0-9]+:\/\/|[@/])/i;
/** What begins a string, a quoted name or a comment. */
const UNCLOSED = new Set('\'"`/');
/** What follows the name of a user in quotes: its host. */
const HOST = /@'[\w.%:-]{1,60}'(?=[\s,;)]|$)/y;
const BEFORE_USERS = new Set(['USER', 'EXISTS', 'TO', 'FROM', 'FOR']);
const NO_SECRETS = new Set(['TRUE', 'FALSE', 'NULL', '(']);

/**
 * What a message may not show of a text of SQL: values of connection options, and whatever could be one in a text that
 * is not even SQL, where a secret may be misquoted and its option misspelt.
 * @param shown the part of the text that matters.
 */
export function secretSpans(sql: string, shown: Span): readonly Span[] {
  const spans = new SecretFinder(sql).upTo(shown.end);
  return spans.filter(({ end }) => end > shown.start);
}

class SecretFinder {
  readonly #sql: string;
  readonly #spans: Span[] = [];
  #lexer: Lexer;
  #guarded = false;
  /** Where the first name of a secret stands. */
  readonly #named: number;
  #endOfToken = 0;
  /** `SET TAG` or `UNSET TAG` has been seen. */
  #areTags = false;
  /** The last name of a tag, in upper case. */
  #tag: string | undefined;
  /** A list of values is being read that may be shown. */
  #isOpenList = false;
  /** The texts of the two tokens before, in upper case. */
  #before: readonly [string, string] = ['', ''];

  constructor(sql: string) {
    this.#sql = sql;
    this.#lexer = new Lexer(sql);
    this.#named = placeOfSecretName(sql);
  }

  upTo(end: number): readonly Span[] {
    let token = this.#lexer.next();
    const isOpen = OPEN_STATEMENTS.has(this.#text(token).toUpperCase()) && !ABOUT_CONNECTIONS.test(this.#sql);
    this.#guarded = !isOpen || this.#named !== Infinity;
    while (token.kind !== 'end' && token.start < end) {
      const text = token.kind === 'string' ? "'" : this.#text(token).toUpperCase();
      if (this.#named !== Infinity) this.#coverComment(token);
      const endOfUser = this.#endOfUser(token);
      if (endOfUser !== undefined) {
        this.#lexer = new Lexer(this.#sql, endOfUser);
      } else if (this.#guarded && this.#isBroken(token)) {
        this.#cover(token.start + 1, this.#sql.length);
        break;
      } else if (this.#guarded) this.#inspect(token, text);
      this.#endOfToken = endOfUser ?? token.end;
      // It is the last token for a parser; what is shown may go on.
      if (token.kind === 'invalid') this.#lexer = new Lexer(this.#sql, token.end);
      this.#before = [this.#before[1], text];
      token = this.#lexer.next();
    }
    if (token.kind === 'end' && this.#named !== Infinity) this.#coverComment(token);
    return this.#spans;
  }

  /** What stands between two tokens and is not blank. */
  #coverComment({ start }: Token): void {
    if (this.#sql.slice(this.#endOfToken, start).trim() !== '') this.#cover(this.#endOfToken, start);
  }

  /** Of `'u'@'%'`, where a user is named; undefined elsewhere. */
  #endOfUser({ kind, end }: Token): number | undefined {
    HOST.lastIndex = end;
    const isUser = kind === 'string' && BEFORE_USERS.has(this.#before[1]) && HOST.test(this.#sql);
    return isUser ? HOST.lastIndex : undefined;
  }

  /** Where quotes do not close, or close in the middle of a word, nobody knows what is inside of them. */
  #isBroken(token: Token): boolean {
    if (token.kind === 'invalid') return UNCLOSED.has(this.#sql.charAt(token.start));
    if (token.kind !== 'string') return false;
    const following = this.#sql.charAt(token.end);
    return following !== '' && following !== ';' && !endsBareValue(following);
  }

  #inspect(token: Token, text: string): void {
    const [option, equals] = this.#before;
    const isValue = equals === '=' || equals === '=>';
    if (this.#isInOpenList(token, text) || this.#isTag(token, text)) return;
    if (isValue && OPEN_OPTIONS.has(option) && !isUrlWithMore(this.#text(token))) return;
    if (token.kind === 'string') {
      if (isValue || !LOCATION.test(this.#text(token))) this.#cover(token.start + 1, token.end - 1);
    } else if (isValue && !NO_SECRETS.has(text)) {
      const end = this.#endOfBareValue(token);
      this.#cover(token.start, end);
      this.#lexer = new Lexer(this.#sql, end);
    } else if (token.start > this.#named && this.#mayBeSecret(token, text))
      this.#cover(token.start, token.end);
  }

  /** A string of `NULL_IF = ('a', 'b')`. */
  #isInOpenList(token: Token, text: string): boolean {
    const [option, before] = this.#before;
    if (text === '(') this.#isOpenList = option === 'NULL_IF' && before === '=';
    else if (token.kind !== 'string' && text !== ',') this.#isOpenList = false;
    return this.#isOpenList && token.kind === 'string' && (before === '(' || before === ',');
  }

  /** In `SET TAG a = 'b', …` and `UNSET TAG a, …`: a name, or its value, unless the name is one of a secret. */
  #isTag(token: Token, text: string): boolean {
    const [name, before] = this.#before;
    if (text === 'TAG' && (before === 'SET' || before === 'UNSET')) this.#areTags = true;
    if (!this.#areTags) return false;
    if (before === 'TAG' || before === ',') {
      this.#tag = text;
      return true;
    }
    if (text === '=' || text === ',' || text === 'TAG') return true;
    // With what else stands there it is a list of tags no more.
    this.#areTags = token.kind === 'string' && before === '=' && name === this.#tag;
    const isOpen = placeOfSecretName(name) === Infinity && !isUrlWithMore(this.#text(token));
    return this.#areTags && isOpen;
  }

  /** A word without a `=` on either side, where one is missing or is written as something else. */
  #mayBeSecret(token: Token, text: string): boolean {
    if (token.kind === 'symbol' || SHOWN_WORDS.has(text) || BEFORE_NAMES.has(this.#before[1])) return false;
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

/** A password may stand before an `@`, and anything behind a `?`. */
function isUrlWithMore(text: string): boolean {
  const scheme = text.indexOf('://');
  return scheme !== -1 && /[@?]/.test(text.slice(scheme));
}

function endsBareValue(character: string): boolean {
  return character === ',' || character === ')' || isBlank(character.charCodeAt(0));
}
