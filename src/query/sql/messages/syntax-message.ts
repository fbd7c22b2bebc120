import { nearestWord } from '../../../common/nearest-word.js';
import type { Token } from '../lexer/token.js';

const MAX_ECHO = 40;
const MAX_LISTED = 20;
const KEYWORD = /^[A-Z][A-Z_]*$/;
const NOUNS: Readonly<Partial<Record<Token['kind'], string>>> = {
  string: 'string',
  quoted: 'quoted name',
  end: 'end of input',
};

/** Tells a description apart from a keyword or symbol that is expected literally. */
export function expectation(what: string): string {
  return `<${what}>`;
}

interface Circumstances {
  /** Keywords, symbols and `expectation`s. */
  readonly expected: readonly string[];
  /** The text of the token before. */
  readonly follows: string;
  /** It may be a secret that somebody forgot to quote. */
  readonly isSecret: boolean;
}

/** What is wrong with a token that stands where it cannot: never the content of a string, nor a value behind a `=`. */
export function unexpected(
  token: Token,
  sql: string,
  { expected, follows, isSecret }: Circumstances,
): string {
  if (token.problem !== undefined) return token.problem;
  const text = sql.slice(token.start, token.end);
  const keywords = expected.filter((one) => KEYWORD.test(one));
  const meant = token.kind === 'word' ? nearestWord(text.toUpperCase(), keywords) : undefined;
  const suggestion = meant === undefined ? '' : `. Did you mean \`${meant}\`?`;
  return `unexpected ${isSecret ? kindOf(token) : named(token, text, follows)}${listed([...new Set(expected)], meant)}${suggestion}`;
}

function kindOf({ kind }: Token): string {
  return NOUNS[kind] ?? kind;
}

function named(token: Token, text: string, follows: string): string {
  const noun = NOUNS[token.kind];
  if (noun !== undefined) return noun;
  // It could be a secret that somebody forgot to quote.
  if (token.kind !== 'symbol' && (follows === '=' || follows === '=>')) return token.kind;
  return `\`${text.length > MAX_ECHO ? `${text.slice(0, MAX_ECHO)}...` : text}\``;
}

function listed(expected: readonly string[], first: string | undefined): string {
  const sorted = first === undefined ? expected : [first, ...expected.filter((one) => one !== first)];
  const more = sorted.length > MAX_LISTED ? [`<${String(sorted.length - MAX_LISTED)} more>`] : [];
  const shown = [...sorted.slice(0, MAX_LISTED), ...more].map((one) =>
    one.startsWith('<') && one.length > 3 ? one.slice(1, -1) : `\`${one}\``,
  );
  const last = shown.pop();
  if (last === undefined) return '';
  if (shown.length === 0) return `, expecting ${last}`;
  return `, expecting ${shown.join(', ')}${shown.length > 1 ? ',' : ''} or ${last}`;
}
