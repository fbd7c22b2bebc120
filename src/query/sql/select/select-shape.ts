import { MAX_DEPTH } from './expression-parser.js';
import { Lexer } from '../lexer/lexer.js';
import { MAX_TOKENS } from '../lexer/token-stream.js';

/** What a SELECT is about, seen from far. */
export interface SelectShape {
  /** Where its FROM begins. */
  readonly from: number | undefined;
  /** The first thing in it that only a warehouse can do. */
  readonly beyond: string | undefined;
  /** Where it ends, if one can tell: at a `;` or at the end of the text. */
  readonly end: number;
}

/** A warehouse's, wherever they stand. */
const BEYOND: ReadonlyMap<string, string> = new Map([
  ['SELECT', 'a subquery'],
  ['DISTINCT', 'DISTINCT'],
  ['OVER', 'OVER'],
  ['CASE', 'CASE'],
  ['GROUP', 'GROUP BY'],
  ['HAVING', 'HAVING'],
  ['QUALIFY', 'QUALIFY'],
  ['WINDOW', 'WINDOW'],
  ['JOIN', 'JOIN'],
  ['UNION', 'UNION'],
  ['EXCEPT', 'EXCEPT'],
  ['INTERSECT', 'INTERSECT'],
]);
const LONGEST = 9;

/** Looks through one SELECT, as far as it is neither too long nor too deep, which the parser then tells. */
export function shapeOfSelect(sql: string, start: number): SelectShape {
  const lexer = new Lexer(sql, start);
  let depth = 0;
  let from: number | undefined;
  let beyond: string | undefined;
  let before = '';
  for (let seen = 0; ; seen++) {
    const token = lexer.next();
    if (token.kind === 'symbol' && sql[token.start] === ';') return { from, beyond, end: token.start };
    if (token.kind === 'end' || token.kind === 'invalid' || depth > MAX_DEPTH || seen > MAX_TOKENS) {
      return { from, beyond, end: sql.length };
    }
    const text = token.end - token.start > LONGEST ? '' : sql.slice(token.start, token.end).toUpperCase();
    if (token.kind === 'symbol') depth += depthOf(text);
    if (token.kind === 'word') {
      // Behind AS it is a name; a FROM also stands in `IS DISTINCT FROM` and `extract(year FROM x)`.
      if (before !== 'AS' && before !== '.') beyond ??= BEYOND.get(text);
      if (text === 'FROM' && depth === 0 && before !== 'DISTINCT') from ??= token.start;
    }
    before = text;
  }
}

function depthOf(symbol: string): number {
  if (symbol === '(') return 1;
  return symbol === ')' ? -1 : 0;
}
