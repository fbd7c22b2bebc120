import { endsExpression, isClauseWord } from '../lexer/clause-words.js';
import { Lexer } from '../lexer/lexer.js';
import { contentOfQuotedName, contentOfString, quotedString } from '../lexer/literal-text.js';
import type { Span } from '../ast.js';
import type { Token } from '../lexer/token.js';

/** Nobody reads a longer one. */
const MAX_LENGTH = 1000;
const SAME_OPERATOR: Readonly<Record<string, string>> = { '==': '=', '!=': '<>' };
/** Written without a space to their left or right. */
const TIGHT_LEFT = new Set([')', ',', '.', '::', ':', '[', ']']);
const TIGHT_RIGHT = new Set(['(', '.', '::', ':', '[']);

/**
 * What Databend calls a column that has no alias: its expression, written anew. Keywords and names in lower case, one
 * space around operators, and a column without its table.
 */
export function columnName(sql: string, span: Span): string {
  const text = sql.slice(span.start, span.end);
  if (text.length > MAX_LENGTH)
    return `${columnName(sql, { start: span.start, end: span.start + MAX_LENGTH })}...`;
  const tokens = withoutOuterParentheses(text, tokensOf(text));
  if (isColumn(text, tokens)) return written(text, tokens[tokens.length - 1]);
  let name = '';
  let before = '';
  for (const [index, token] of tokens.entries()) {
    const next = written(text, token);
    const isGlued = index === 0 || TIGHT_LEFT.has(next) || TIGHT_RIGHT.has(before) || isCall(before, next);
    name += isGlued ? next : ` ${next}`;
    before = next;
  }
  return name;
}

/** The same for the items of a SELECT that is not read any closer, its aliases included. */
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
  if (isName && canHaveAlias) return written(text, last);
  return columnName(text, { start: first.start, end: last.end });
}

/** What wants an operand to its right, so that this is no alias. */
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

/** The first parenthesis closes with the last. */
function isParenthesized(text: string, tokens: readonly Token[]): boolean {
  let depth = 0;
  for (const [index, token] of tokens.entries()) {
    if (token.kind === 'symbol' && textOf(text, token) === '(') depth++;
    if (token.kind === 'symbol' && textOf(text, token) === ')') depth--;
    if (depth === 0) return index > 0 && index === tokens.length - 1;
  }
  return false;
}

/** `a`, `t.a` */
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

function written(text: string, token: Token | undefined): string {
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
      return writtenNumber(source.replaceAll('_', ''));
    case 'symbol':
    case 'location':
    case 'invalid':
    case 'end':
      return SAME_OPERATOR[source] ?? source;
  }
}

/** Exponents and hexadecimal digits are worked out; else the digits stay as they are, also where a number has too many. */
function writtenNumber(digits: string): string {
  if (/[ex]/i.test(digits)) return String(Number(digits));
  const [whole = '', fraction = ''] = digits.split('.');
  const significant = whole.replace(/^0+(?=\d)/, '');
  return fraction === '' ? significant : `${significant === '' ? '0' : significant}.${fraction}`;
}

function textOf(text: string, token: Span): string {
  return text.slice(token.start, token.end);
}
