import { AGGREGATES } from './aggregate-names.js';
import { MAX_DEPTH } from './expression-parser.js';
import { Lexer } from '../lexer/lexer.js';
import { MAX_TOKENS } from '../lexer/token-stream.js';

/** The outline of a SELECT, read before it is parsed. */
export interface SelectShape {
  /** The offset of its FROM. */
  readonly from: number | undefined;
  /** The same for this SELECT and for every SELECT that a UNION adds. */
  readonly branches: readonly (number | undefined)[];
  /** The first part that only a warehouse can run. */
  readonly unsupported: string | undefined;
  /** GROUP BY or HAVING, if it has one. */
  readonly grouping: string | undefined;
  /** A branch has an aggregate and no GROUP BY, so it has a row even if its table is empty. */
  readonly hasAggregate: boolean;
  /** The offset of its end: a `;` or the end of the text. */
  readonly end: number;
}

/** Keywords that need a warehouse, anywhere in a SELECT. */
const UNSUPPORTED_CLAUSES: ReadonlyMap<string, string> = new Map([
  ['SELECT', 'a subquery'],
  ['DISTINCT', 'DISTINCT'],
  ['OVER', 'OVER'],
  ['CASE', 'CASE'],
  ['QUALIFY', 'QUALIFY'],
  ['WINDOW', 'WINDOW'],
  ['JOIN', 'JOIN'],
  ['UNION', 'UNION'],
  ['EXCEPT', 'EXCEPT'],
  ['INTERSECT', 'INTERSECT'],
]);
const GROUPING: ReadonlyMap<string, string> = new Map([
  ['GROUP', 'GROUP BY'],
  ['HAVING', 'HAVING'],
]);
const JOINING_SELECTS = new Set(['UNION', 'EXCEPT', 'INTERSECT']);
const MAX_KEYWORD_LENGTH = Math.max(
  ...[...UNSUPPORTED_CLAUSES.keys(), ...AGGREGATES].map((word) => word.length),
);

interface Branch {
  from: number | undefined;
  hasAggregate: boolean;
  isGrouped: boolean;
}

/** Scans one SELECT. Stops if it is too long or too deep, which the parser then refuses. */
export function shapeOfSelect(sql: string, start: number): SelectShape {
  const scanner = new ShapeScanner();
  const lexer = new Lexer(sql, start);
  for (let count = 0; ; count++) {
    const token = lexer.next();
    if (token.kind === 'symbol' && sql[token.start] === ';') return scanner.shape(token.start);
    const isOver = token.kind === 'end' || token.kind === 'invalid';
    if (isOver || scanner.depth > MAX_DEPTH || count > MAX_TOKENS) return scanner.shape(sql.length);
    const text =
      token.end - token.start > MAX_KEYWORD_LENGTH ? '' : sql.slice(token.start, token.end).toUpperCase();
    if (token.kind === 'symbol') scanner.symbol(text);
    if (token.kind === 'word') scanner.word(text, token.start);
    scanner.previous = text;
  }
}

class ShapeScanner {
  depth = 0;
  /** The text of the previous token, in upper case. */
  previous = '';
  readonly #branches: [Branch, ...Branch[]] = [newBranch()];
  #branch: Branch = this.#branches[0];
  #unsupported: string | undefined;
  #grouping: string | undefined;
  /** The depth of the subquery that is being scanned. */
  #subquery = Number.POSITIVE_INFINITY;

  symbol(text: string): void {
    if (text === '(') {
      if (AGGREGATES.has(this.previous) && !this.#isInSubquery) this.#branch.hasAggregate = true;
      this.depth++;
    } else if (text === ')') {
      this.depth--;
      if (this.depth < this.#subquery) this.#subquery = Number.POSITIVE_INFINITY;
    }
  }

  word(text: string, start: number): void {
    // After AS or a dot it is a name. FROM is also part of `IS DISTINCT FROM` and `extract(year FROM x)`.
    const isName = this.previous === 'AS' || this.previous === '.';
    if (!isName) this.#keyword(text);
    if (text === 'FROM' && this.depth === 0 && this.previous !== 'DISTINCT') this.#branch.from ??= start;
  }

  shape(end: number): SelectShape {
    return {
      from: this.#branches[0].from,
      branches: this.#branches.map(({ from }) => from),
      unsupported: this.#unsupported,
      grouping: this.#grouping,
      hasAggregate: this.#branches.some(({ hasAggregate, isGrouped }) => hasAggregate && !isGrouped),
      end,
    };
  }

  #keyword(text: string): void {
    this.#unsupported ??= UNSUPPORTED_CLAUSES.get(text);
    if (text === 'SELECT' && this.depth > 0) this.#subquery = Math.min(this.#subquery, this.depth);
    if (this.#isInSubquery) return;
    this.#grouping ??= GROUPING.get(text);
    if (text === 'GROUP') this.#branch.isGrouped = true;
    if (this.depth > 0 || !JOINING_SELECTS.has(text)) return;
    this.#branch = newBranch();
    this.#branches.push(this.#branch);
  }

  get #isInSubquery(): boolean {
    return this.depth >= this.#subquery;
  }
}

function newBranch(): Branch {
  return { from: undefined, hasAggregate: false, isGrouped: false };
}
