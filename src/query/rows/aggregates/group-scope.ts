import type { Expression, SelectItem, Span } from '../../sql/ast.js';
import { sqlError } from '../../sql/messages/sql-snippet.js';
import { compileExpression } from '../expression-compiler.js';
import { unknownFunction } from '../functions/function-call.js';
import { itemAt, itemNamed } from '../item-names.js';
import type { Compiled, Scope } from '../scope.js';
import type { SelectionRequest } from '../selection-request.js';
import { aggregateIn, hasAggregate, canonicalForm, type Call } from './aggregate-calls.js';
import { AGGREGATE_FUNCTIONS, COUNT_OF_ROWS, type Aggregate } from './aggregate-function.js';

/** Every group holds each key and aggregate in memory. */
const MAX_VALUES_PER_GROUP = 64;

/**
 * The names that expressions about groups may use: the keys of the group, and aggregates of its rows. A row of a group has
 * the keys first, then the aggregates in the order of their first use.
 */
export class GroupScope implements Scope {
  readonly sql: string;
  readonly columns: Scope['columns'];
  readonly facts: Scope['facts'];
  readonly aggregates: Aggregate[] = [];
  readonly keys: readonly Compiled[];
  /** The place of GROUP BY in the statement. */
  readonly span: Span;
  readonly #rows: Scope;
  readonly #items: readonly SelectItem[];
  readonly #values = new Map<string, Compiled>();
  /** An alias may not refer to another alias. */
  #isInAlias = false;

  constructor({ items, groupBy }: SelectionRequest, rows: Scope) {
    this.sql = rows.sql;
    this.columns = rows.columns;
    this.facts = rows.facts;
    this.#rows = rows;
    this.#items = items;
    const expressions = groupBy === 'all' ? this.#itemsWithoutAggregate() : (groupBy ?? []);
    this.keys = expressions.map((expression, index) => this.#key(this.#resolveItem(expression), index));
    this.span = expressions[0]?.span ?? { start: 0, end: rows.sql.length };
  }

  resolve(expression: Expression): Compiled | undefined {
    const value = this.#values.get(canonicalForm(expression));
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

  /** Resolves a position, as in `GROUP BY 2`, and an alias of the SELECT, unless a column has its name. */
  #resolveItem(expression: Expression): Expression {
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
      throw this.#error(aggregate.span, "GROUP BY items can't contain aggregate functions");
    }
    const key = compileExpression(expression, this.#rows);
    this.#define(expression, { type: key.type, evaluate: (row) => row[index] ?? null });
    return key;
  }

  #aggregate(call: Call): Compiled {
    const aggregate = this.#compileAggregate(call);
    const index = this.keys.length + this.aggregates.length;
    this.aggregates.push(aggregate);
    return this.#define(call, { type: aggregate.type, evaluate: (row) => row[index] ?? null });
  }

  #compileAggregate(call: Call): Aggregate {
    const [argument] = call.arguments;
    if (call.function === 'count' && argument === undefined) return COUNT_OF_ROWS;
    const createAggregate = AGGREGATE_FUNCTIONS.get(call.function);
    if (createAggregate === undefined || argument === undefined || call.arguments.length > 1)
      throw unknownFunction(call, this);
    const inner = aggregateIn(argument);
    if (inner !== undefined) throw this.#error(inner.span, 'aggregate function calls cannot be nested');
    const aggregate = createAggregate(compileExpression(argument, this.#rows));
    if (typeof aggregate === 'string') throw this.#error(call.span, aggregate);
    return aggregate;
  }

  #item(named: Extract<Expression, { kind: 'column' }>): Compiled {
    const item = itemNamed(named, this.#items);
    if (item === undefined || this.#isInAlias) {
      const rule = 'must appear in the GROUP BY clause or be used in an aggregate function';
      throw this.#error(named.span, `column "${named.name.slice(0, 100)}" ${rule}`);
    }
    this.#isInAlias = true;
    const compiled = compileExpression(item, this);
    this.#isInAlias = false;
    return compiled;
  }

  #define(expression: Expression, compiled: Compiled): Compiled {
    if (this.#values.size === MAX_VALUES_PER_GROUP) {
      const limit = `GROUP BY and aggregates may be ${String(MAX_VALUES_PER_GROUP)} in all`;
      throw this.#error(expression.span, limit);
    }
    this.#values.set(canonicalForm(expression), compiled);
    return compiled;
  }

  #error(span: Span, message: string): Error {
    return sqlError('Semantic', this.sql, span, message);
  }
}

export function column(name: string, sql: string): Extract<Expression, { kind: 'column' }> {
  return { kind: 'column', name, span: { start: 0, end: sql.length } };
}
