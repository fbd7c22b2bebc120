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

/** Marks a description, to distinguish it from an expected keyword or symbol. */
export function expectation(what: string): string {
  return `<${what}>`;
}

interface TokenContext {
  /** Keywords, symbols and `expectation`s. */
  readonly expected: readonly string[];
  /** The text of the previous token. */
  readonly follows: string;
  /** The token may be a secret without its quotes. */
  readonly isSecret: boolean;
}

/** Describes a token that is not allowed at its place. Never shows the content of a string or a value after `=`. */
export function unexpectedToken(
  token: Token,
  sql: string,
  { expected, follows, isSecret }: TokenContext,
): string {
  if (token.problem !== undefined) return token.problem;
  const text = sql.slice(token.start, token.end);
  const keywords = expected.filter((one) => KEYWORD.test(one));
  const nearest = token.kind === 'word' ? nearestWord(text.toUpperCase(), keywords) : undefined;
  const suggestion = nearest === undefined ? '' : `. Did you mean \`${nearest}\`?`;
  return `unexpected ${isSecret ? kindOf(token) : describe(token, text, follows)}${expectedList([...new Set(expected)], nearest)}${suggestion}`;
}

function kindOf({ kind }: Token): string {
  return NOUNS[kind] ?? kind;
}

function describe(token: Token, text: string, follows: string): string {
  const noun = NOUNS[token.kind];
  if (noun !== undefined) return noun;
  // It may be a secret without its quotes.
  if (token.kind !== 'symbol' && (follows === '=' || follows === '=>')) return token.kind;
  return `\`${text.length > MAX_ECHO ? `${text.slice(0, MAX_ECHO)}...` : text}\``;
}

function expectedList(expected: readonly string[], first: string | undefined): string {
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
