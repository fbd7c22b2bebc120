import type { Expression, SelectItem } from '../sql/ast.js';
import { sqlError } from '../sql/messages/sql-snippet.js';
import { aggregateIn, isAggregated } from './aggregates/aggregate-calls.js';
import { column, GroupScope } from './aggregates/group-scope.js';
import { floatText } from './cell.js';
import type { Selection } from './compiled-selection.js';
import { compileCondition, compileExpression, isTrue } from './expression-compiler.js';
import { itemAt, itemNamed } from './item-names.js';
import { rowOrder, type OrderKey, type RowOrder } from './row-order.js';
import type { Compiled, Scope } from './scope.js';
import type { SelectionRequest } from './selection-request.js';
import { keyOf, type Column, type Row } from './table.js';

/** Compiles a SELECT. @throws SqlError for names and types that do not fit the table, and for too many columns or keys. */
export function compileSelection(request: SelectionRequest, scope: Scope): Selection {
  assertNoAggregates(request, scope);
  return isAggregated(request) ? groupedSelection(request, scope) : plainSelection(request, scope);
}

function plainSelection(request: SelectionRequest, scope: Scope): Selection {
  const order = orderOf(request, scope, (row) => [keyOf(row)]);
  return {
    ...outputOf(request, scope),
    // Without groups, HAVING is a second WHERE, as in Databend.
    isSelected: conditionOf([request.where, request.having], scope),
    grouping: undefined,
    order: isKeyOrder(request, scope) ? undefined : order,
  };
}

function groupedSelection(request: SelectionRequest, scope: Scope): Selection {
  const groups = new GroupScope(request, scope);
  const keys = groups.keys.map(({ evaluate }) => evaluate);
  return {
    ...outputOf(request, groups),
    isSelected: conditionOf([request.where], scope),
    grouping: {
      keys,
      aggregates: groups.aggregates,
      isSelected: conditionOf([request.having], groups),
      tooLarge: (message) => sqlError('Semantic', scope.sql, groups.span, message),
    },
    order: orderOf(request, groups, (row) => row.slice(0, keys.length)),
  };
}

/** @throws SqlError for an aggregate in WHERE: WHERE is evaluated for each row, before the rows are grouped. */
function assertNoAggregates({ where }: SelectionRequest, { sql }: Scope): void {
  const aggregate = where === undefined ? undefined : aggregateIn(where);
  if (aggregate === undefined) return;
  const message = `${aggregate.function}() cannot stand in WHERE, which is evaluated for each row: use HAVING`;
  throw sqlError('Semantic', sql, aggregate.span, message);
}

type Output = Column & Compiled;

/** Each row has all columns, and a page may have 10,000 rows. */
const MAX_COLUMNS = 1000;
/** Every sorted row holds all its order keys in memory. */
const MAX_ORDER_KEYS = 64;

function outputOf(
  { items, limit, offset }: SelectionRequest,
  scope: Scope,
): Pick<Selection, 'columns' | 'limit' | 'offset' | 'project'> {
  const outputs = outputsOfAll(items, scope);
  return {
    columns: outputs.map(({ name, type }) => ({ name, type })),
    limit,
    offset,
    project: (row) => outputs.map(({ evaluate }) => evaluate(row)),
  };
}

function outputsOfAll(items: readonly SelectItem[], scope: Scope): readonly Output[] {
  const outputs: Output[] = [];
  for (const item of items) {
    outputs.push(...outputsOf(item, scope));
    if (outputs.length <= MAX_COLUMNS) continue;
    const span = item.kind === 'value' ? item.value.span : { start: 0, end: 0 };
    throw sqlError('Semantic', scope.sql, span, `an answer may have at most ${String(MAX_COLUMNS)} columns`);
  }
  return outputs;
}

function outputsOf(item: SelectItem, scope: Scope): Output[] {
  if (item.kind === 'value')
    return [{ name: item.name, ...withFloatText(compileExpression(item.value, scope)) }];
  return scope.columns
    .filter(({ isHidden }) => isHidden !== true)
    .map(({ name }) => ({ name, ...compileExpression(column(name, scope.sql), scope) }));
}

function withFloatText({ type, evaluate }: Compiled): Compiled {
  const isFloat = type.includes('Float64');
  return { type, evaluate: isFloat ? (row) => floatText(evaluate(row)) : evaluate };
}

function conditionOf(conditions: readonly (Expression | undefined)[], scope: Scope): (row: Row) => boolean {
  const [first, ...more] = conditions.flatMap((condition) =>
    condition === undefined ? [] : [compileCondition(condition, scope).evaluate],
  );
  if (first === undefined) return () => true;
  if (more.length === 0) return (row) => isTrue(first(row));
  return (row) => [first, ...more].every((evaluate) => isTrue(evaluate(row)));
}

function orderOf({ orderBy, items }: SelectionRequest, scope: Scope, identity: (row: Row) => Row): RowOrder {
  const surplus = orderBy[MAX_ORDER_KEYS];
  if (surplus !== undefined) {
    const rule = `ORDER BY may have at most ${String(MAX_ORDER_KEYS)} keys`;
    throw sqlError('Semantic', scope.sql, surplus.value.span, rule);
  }
  const keys = orderBy.map(({ value, descending, nullsFirst }): OrderKey => {
    const { evaluate } = compileExpression(orderExpression(value, items, scope), scope);
    return { evaluate, descending, nullsFirst };
  });
  return rowOrder(keys, identity);
}

/** Resolves a position, as in `ORDER BY 2`, and an alias of the SELECT. */
function orderExpression(value: Expression, items: readonly SelectItem[], { sql }: Scope): Expression {
  const position = itemAt(value, items, { sql, clause: 'ORDER BY' });
  if (position !== undefined) return position;
  return value.kind === 'column' ? (itemNamed(value, items) ?? value) : value;
}

/** Is this the order in which the table returns its rows? */
function isKeyOrder({ orderBy, items }: SelectionRequest, scope: Scope): boolean {
  const [first] = orderBy;
  if (first === undefined) return true;
  const value = orderExpression(first.value, items, scope);
  const [key] = scope.columns;
  return !first.descending && value.kind === 'column' && key?.name === value.name.toLowerCase();
}
