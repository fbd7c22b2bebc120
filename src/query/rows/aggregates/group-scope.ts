import type { Expression, SelectItem, Span } from '../../sql/ast.js';
import { sqlError } from '../../sql/messages/sql-snippet.js';
import { compileExpression } from '../expression-compiler.js';
import { unknownFunction } from '../functions/function-call.js';
import { itemAt, itemNamed } from '../item-names.js';
import type { Compiled, Scope } from '../scope.js';
import type { SelectionRequest } from '../selection-request.js';
import { aggregateIn, hasAggregate, meaningOf, type Call } from './aggregate-calls.js';
import { AGGREGATE_FUNCTIONS, COUNT_OF_ROWS, type Aggregate } from './aggregate-function.js';

/** Each costs a value a group. */
const MAX_VALUES = 64;

/**
 * What expressions about groups may name: what the rows of a group have in common, and aggregates of them. A row of a group
 * has the keys and behind them the aggregates, in the order in which they were asked for.
 */
export class GroupScope implements Scope {
  readonly sql: string;
  readonly columns: Scope['columns'];
  readonly facts: Scope['facts'];
  readonly aggregates: Aggregate[] = [];
  readonly keys: readonly Compiled[];
  /** Where the groups are asked for. */
  readonly span: Span;
  readonly #rows: Scope;
  readonly #items: readonly SelectItem[];
  readonly #known = new Map<string, Compiled>();
  /** An alias stands for an expression, and not for one in which another alias stands. */
  #isInAlias = false;

  constructor({ items, groupBy }: SelectionRequest, rows: Scope) {
    this.sql = rows.sql;
    this.columns = rows.columns;
    this.facts = rows.facts;
    this.#rows = rows;
    this.#items = items;
    const expressions = groupBy === 'all' ? this.#itemsWithoutAggregate() : (groupBy ?? []);
    this.keys = expressions.map((expression, index) => this.#key(this.#meant(expression), index));
    this.span = expressions[0]?.span ?? { start: 0, end: rows.sql.length };
  }

  resolve(expression: Expression): Compiled | undefined {
    const value = this.#known.get(meaningOf(expression));
    if (value !== undefined) return value;
    if (expression.kind === 'call' && AGGREGATE_FUNCTIONS.has(expression.function)) {
      return this.#aggregate(expression);
    }
    return expression.kind === 'column' ? this.#item(expression) : undefined;
  }

  #itemsWithoutAggregate(): readonly Expression[] {
    return this.#items.flatMap((item) => {
      if (item.kind === 'all') return this.columns.map(({ name }) => column(name, this.sql));
      return hasAggregate(item) ? [] : [item.value];
    });
  }

  /** `GROUP BY 2`, and by an alias of the SELECT, where no column is called so. */
  #meant(expression: Expression): Expression {
    const position = itemAt(expression, this.#items, { sql: this.sql, clause: 'GROUP BY' });
    if (position !== undefined) return position;
    if (expression.kind !== 'column') return expression;
    const name = expression.name.toLowerCase();
    if (this.columns.some((each) => each.name === name)) return expression;
    return itemNamed(expression, this.#items) ?? expression;
  }

  #key(expression: Expression, index: number): Compiled {
    const aggregate = aggregateIn(expression);
    if (aggregate !== undefined) {
      throw this.#refusal(aggregate.span, "GROUP BY items can't contain aggregate functions");
    }
    const key = compileExpression(expression, this.#rows);
    this.#know(expression, { type: key.type, evaluate: (row) => row[index] ?? null });
    return key;
  }

  #aggregate(call: Call): Compiled {
    const aggregate = this.#compiled(call);
    const index = this.keys.length + this.aggregates.length;
    this.aggregates.push(aggregate);
    return this.#know(call, { type: aggregate.type, evaluate: (row) => row[index] ?? null });
  }

  #compiled(call: Call): Aggregate {
    const [argument] = call.arguments;
    if (call.function === 'count' && argument === undefined) return COUNT_OF_ROWS;
    const make = AGGREGATE_FUNCTIONS.get(call.function);
    if (make === undefined || argument === undefined || call.arguments.length > 1)
      throw unknownFunction(call, this);
    const inner = aggregateIn(argument);
    if (inner !== undefined) throw this.#refusal(inner.span, 'aggregate function calls cannot be nested');
    const aggregate = make(compileExpression(argument, this.#rows));
    if (typeof aggregate === 'string') throw this.#refusal(call.span, aggregate);
    return aggregate;
  }

  #item(named: Extract<Expression, { kind: 'column' }>): Compiled {
    const item = itemNamed(named, this.#items);
    if (item === undefined || this.#isInAlias) {
      const rule = 'must appear in the GROUP BY clause or be used in an aggregate function';
      throw this.#refusal(named.span, `column "${named.name.slice(0, 100)}" ${rule}`);
    }
    this.#isInAlias = true;
    const compiled = compileExpression(item, this);
    this.#isInAlias = false;
    return compiled;
  }

  #know(expression: Expression, compiled: Compiled): Compiled {
    if (this.#known.size === MAX_VALUES) {
      const most = `GROUP BY and aggregates may be ${String(MAX_VALUES)} in all`;
      throw this.#refusal(expression.span, most);
    }
    this.#known.set(meaningOf(expression), compiled);
    return compiled;
  }

  #refusal(span: Span, message: string): Error {
    return sqlError('Semantic', this.sql, span, message);
  }
}

export function column(name: string, sql: string): Extract<Expression, { kind: 'column' }> {
  return { kind: 'column', name, span: { start: 0, end: sql.length } };
}
