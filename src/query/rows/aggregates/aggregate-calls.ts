import type { Expression, SelectItem } from '../../sql/ast.js';
import { childrenOf } from '../expression-children.js';
import type { SelectionRequest } from '../selection-request.js';
import { AGGREGATE_FUNCTIONS } from './aggregate-function.js';

export type Call = Extract<Expression, { kind: 'call' }>;

/** Returns the first aggregate in an expression. */
export function aggregateIn(expression: Expression): Call | undefined {
  if (expression.kind === 'call' && AGGREGATE_FUNCTIONS.has(expression.function)) return expression;
  for (const child of childrenOf(expression)) {
    const aggregate = aggregateIn(child);
    if (aggregate !== undefined) return aggregate;
  }
  return undefined;
}

export function hasAggregate(item: SelectItem): boolean {
  return item.kind === 'value' && aggregateIn(item.value) !== undefined;
}

/** Is each row of the answer a group of the table's rows? */
export function isAggregated({ items, groupBy, having, orderBy }: SelectionRequest): boolean {
  return (
    groupBy !== undefined ||
    items.some(hasAggregate) ||
    (having !== undefined && aggregateIn(having) !== undefined) ||
    orderBy.some(({ value }) => aggregateIn(value) !== undefined)
  );
}

/** Returns the same text for equal expressions, wherever they are in the statement. */
export function canonicalForm(expression: Expression): string {
  return JSON.stringify(expression, (key, value: unknown) => (key === 'span' ? undefined : value));
}
