import { endsExpression, isClauseWord } from '../lexer/clause-words.js';
import { Lexer } from '../lexer/lexer.js';
import { contentOfQuotedName, contentOfString, quotedString } from '../lexer/literal-text.js';
import type { Span } from '../ast.js';
import type { Token } from '../lexer/token.js';

/** Characters. Longer names are cut. */
const MAX_LENGTH = 1000;
const SAME_OPERATOR: Readonly<Record<string, string>> = { '==': '=', '!=': '<>' };
/** Symbols without a space before or after them. */
const NO_SPACE_BEFORE = new Set([')', ',', '.', '::', ':', '[', ']']);
const NO_SPACE_AFTER = new Set(['(', '.', '::', ':', '[']);

/**
 * Returns Databend's name of a column without an alias: its expression in canonical form. Keywords and names are in lower
 * case, operators have one space around them, and a column has no table.
 */
export function columnName(sql: string, span: Span): string {
  const text = sql.slice(span.start, span.end);
  if (text.length > MAX_LENGTH)
    return `${columnName(sql, { start: span.start, end: span.start + MAX_LENGTH })}...`;
  const tokens = withoutOuterParentheses(text, tokensOf(text));
  if (isColumn(text, tokens)) return canonicalText(text, tokens[tokens.length - 1]);
  let name = '';
  let before = '';
  for (const [index, token] of tokens.entries()) {
    const next = canonicalText(text, token);
    const isAdjacent =
      index === 0 || NO_SPACE_BEFORE.has(next) || NO_SPACE_AFTER.has(before) || isCall(before, next);
    name += isAdjacent ? next : ` ${next}`;
    before = next;
  }
  return name;
}

/** Returns the names, or aliases, of all items of a SELECT that is not parsed. */
export function columnNames(sql: string, span: Span): readonly string[] {
  const text = sql.slice(span.start, span.end);
  return itemsOf(text, tokensOf(text)).map((tokens) => itemName(text, tokens));
}

function itemName(text: string, tokens: readonly Token[]): string {
  const last = tokens[tokens.length - 1];
  const first = tokens[0];
  if (last === undefined || first === undefined) return '';
  const beforeLast = tokens[tokens.length - 2];
  const isName = last.kind === 'quoted' || (last.kind === 'word' && !isClauseWord(textOf(text, last)));
  const canHaveAlias = beforeLast !== undefined && !isOperator(text, beforeLast);
  if (isName && canHaveAlias) return canonicalText(text, last);
  return columnName(text, { start: first.start, end: last.end });
}

/** Does the token need an operand after it, so that the next word is not an alias? */
function isOperator(text: string, token: Token): boolean {
  const written = textOf(text, token);
  if (token.kind === 'symbol') return written !== ')' && written !== ']';
  return token.kind === 'word' && isClauseWord(written) && !/^(?:as|end)$/i.test(written);
}

function itemsOf(text: string, tokens: readonly Token[]): readonly (readonly Token[])[] {
  const items: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    const symbol = token.kind === 'symbol' ? textOf(text, token) : '';
    if (symbol === '(') depth++;
    if (symbol === ')') depth--;
    if (symbol === ',' && depth === 0) items.push([]);
    else items[items.length - 1]?.push(token);
  }
  return items;
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const lexer = new Lexer(text);
  for (let token = lexer.next(); token.kind !== 'end' && token.kind !== 'invalid'; token = lexer.next()) {
    tokens.push(token);
  }
  return tokens;
}

function withoutOuterParentheses(text: string, tokens: readonly Token[]): readonly Token[] {
  let inner = tokens;
  while (isParenthesized(text, inner)) inner = inner.slice(1, -1);
  return inner;
}

/** Does the last parenthesis close the first? */
function isParenthesized(text: string, tokens: readonly Token[]): boolean {
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.kind === 'symbol' && textOf(text, token) === '(') depth++;
    if (token.kind === 'symbol' && textOf(text, token) === ')') depth--;
    if (depth === 0) return index > 0 && index === tokens.length - 1;
  }
  return false;
}

/** Is it a column, as in `a` or `t.a`? */
function isColumn(text: string, tokens: readonly Token[]): boolean {
  return (
    tokens.length % 2 === 1 &&
    tokens.every((token, index) =>
      index % 2 === 1 ? textOf(text, token) === '.' : token.kind === 'word' || token.kind === 'quoted',
    )
  );
}

function isCall(before: string, next: string): boolean {
  if (next !== '(') return false;
  return before === 'in' || (/^[\p{XID_Start}_]/u.test(before) && !endsExpression(before));
}

function canonicalText(text: string, token: Token | undefined): string {
  if (token === undefined) return '';
  const source = textOf(text, token);
  switch (token.kind) {
    case 'word':
      return source.toLowerCase();
    case 'quoted':
      return contentOfQuotedName(source);
    case 'string':
      return quotedString(contentOfString(source) ?? '');
    case 'number':
      return canonicalNumber(source.replaceAll('_', ''));
    case 'symbol':
    case 'location':
    case 'invalid':
    case 'end':
      return SAME_OPERATOR[source] ?? source;
  }
}

/** Evaluates exponents and hexadecimal digits. Keeps all other digits, even if a number could not hold them. */
function canonicalNumber(digits: string): string {
  if (/[ex]/i.test(digits)) return String(Number(digits));
  const [whole = '', fraction = ''] = digits.split('.');
  const significant = whole.replace(/^0+(?=\d)/, '');
  return fraction === '' ? significant : `${significant === '' ? '0' : significant}.${fraction}`;
}

function textOf(text: string, token: Span): string {
  return text.slice(token.start, token.end);
}
