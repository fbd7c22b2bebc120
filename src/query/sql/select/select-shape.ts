import { AGGREGATES } from './aggregate-names.js';
import { MAX_DEPTH } from './expression-parser.js';
import { Lexer } from '../lexer/lexer.js';
import { MAX_TOKENS } from '../lexer/token-stream.js';

/** What a SELECT is about, seen from far. */
export interface SelectShape {
  /** Where its FROM begins. */
  readonly from: number | undefined;
  /** The same for it and for every SELECT that a UNION adds to it. */
  readonly branches: readonly (number | undefined)[];
  /** The first thing in it that only a warehouse can do. */
  readonly beyond: string | undefined;
  /** GROUP BY or HAVING, where it has one. */
  readonly grouping: string | undefined;
  /** One of the branches has an aggregate and no GROUP BY, and so a row whatever its table holds. */
  readonly hasAggregate: boolean;
  /** Where it ends, if one can tell: at a `;` or at the end of the text. */
  readonly end: number;
}

/** A warehouse's, wherever they stand. */
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
const LONGEST = Math.max(...[...UNSUPPORTED_CLAUSES.keys(), ...AGGREGATES].map((word) => word.length));

interface Branch {
  from: number | undefined;
  hasAggregate: boolean;
  isGrouped: boolean;
}

/** Looks through one SELECT, as far as it is neither too long nor too deep, which the parser then tells. */
export function shapeOfSelect(sql: string, start: number): SelectShape {
  const glance = new Glance();
  const lexer = new Lexer(sql, start);
  for (let seen = 0; ; seen++) {
    const token = lexer.next();
    if (token.kind === 'symbol' && sql[token.start] === ';') return glance.shape(token.start);
    const isOver = token.kind === 'end' || token.kind === 'invalid';
    if (isOver || glance.depth > MAX_DEPTH || seen > MAX_TOKENS) return glance.shape(sql.length);
    const text = token.end - token.start > LONGEST ? '' : sql.slice(token.start, token.end).toUpperCase();
    if (token.kind === 'symbol') glance.symbol(text);
    if (token.kind === 'word') glance.word(text, token.start);
    glance.before = text;
  }
}

class Glance {
  depth = 0;
  /** The text of the token before, in upper case. */
  before = '';
  readonly #branches: [Branch, ...Branch[]] = [newBranch()];
  #branch: Branch = this.#branches[0];
  #beyond: string | undefined;
  #grouping: string | undefined;
  /** How deep the subquery is that is being looked through. */
  #subquery = Number.POSITIVE_INFINITY;

  symbol(text: string): void {
    if (text === '(') {
      if (AGGREGATES.has(this.before) && !this.#isInSubquery) this.#branch.hasAggregate = true;
      this.depth++;
    } else if (text === ')') {
      this.depth--;
      if (this.depth < this.#subquery) this.#subquery = Number.POSITIVE_INFINITY;
    }
  }

  word(text: string, start: number): void {
    // Behind AS it is a name; a FROM also stands in `IS DISTINCT FROM` and `extract(year FROM x)`.
    const isName = this.before === 'AS' || this.before === '.';
    if (!isName) this.#keyword(text);
    if (text === 'FROM' && this.depth === 0 && this.before !== 'DISTINCT') this.#branch.from ??= start;
  }

  shape(end: number): SelectShape {
    return {
      from: this.#branches[0].from,
      branches: this.#branches.map(({ from }) => from),
      beyond: this.#beyond,
      grouping: this.#grouping,
      hasAggregate: this.#branches.some(({ hasAggregate, isGrouped }) => hasAggregate && !isGrouped),
      end,
    };
  }

  #keyword(text: string): void {
    this.#beyond ??= UNSUPPORTED_CLAUSES.get(text);
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
