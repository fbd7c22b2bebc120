import type { Expression, OrderBy, SelectItem } from '../sql/ast.js';
import { sqlError } from '../sql/messages/sql-snippet.js';
import { compareValues } from './comparison.js';
import { compileExpression, isTrue } from './expression-compiler.js';
import type { Compiled, Scope } from './scope.js';
import { keyOf, type Column, type Row, type Value } from './table.js';

/** What a SELECT asks of one table. */
export interface SelectionRequest {
  readonly items: readonly SelectItem[];
  readonly where: Expression | undefined;
  readonly orderBy: readonly OrderBy[];
  readonly limit: number | undefined;
  readonly offset: number;
}

/** A SELECT that has been checked against its table's columns. */
export interface Selection {
  readonly columns: readonly Column[];
  readonly limit: number | undefined;
  readonly offset: number;
  /** The answer is one row that counts. */
  readonly counts: boolean;
  readonly isSelected: (row: Row) => boolean;
  readonly project: (row: Row) => Row;
  /** Undefined where rows come in the order of their keys, as a table gives them. */
  readonly order: RowOrder | undefined;
}

/** A total order of rows: where all else is equal, their keys decide. */
export interface RowOrder {
  /** What a row is ordered by, its key at the end. */
  placeOf(row: Row): readonly Value[];
  compare(left: readonly Value[], right: readonly Value[]): number;
}

/** @throws SqlError for what the table does not have. */
export function compileSelection(request: SelectionRequest, scope: Scope): Selection {
  const { limit, offset } = request;
  const where = request.where === undefined ? undefined : compileExpression(request.where, scope).evaluate;
  const counts = request.items.some(isCount);
  if (counts) refuseMixture(request.items, scope);
  const outputs = request.items.flatMap((item) => (isCount(item) ? [] : outputsOf(item, scope)));
  return {
    columns: counts ? countColumns(request.items) : outputs.map(({ name, type }) => ({ name, type })),
    limit,
    offset,
    counts,
    isSelected: (row) => where === undefined || isTrue(where(row)),
    project: (row) => outputs.map(({ evaluate }) => evaluate(row)),
    order: counts ? undefined : compileOrder(request, scope),
  };
}

type Output = Column & Compiled;

function outputsOf(item: SelectItem, scope: Scope): Output[] {
  if (item.kind === 'value') return [{ name: item.name, ...compileExpression(item.value, scope) }];
  return scope.columns.map((column, index) => ({ ...column, evaluate: (row) => row[index] ?? null }));
}

function isCount(item: SelectItem): boolean {
  return (
    item.kind === 'value' &&
    item.value.kind === 'call' &&
    item.value.function === 'count' &&
    item.value.arguments.length === 0
  );
}

function refuseMixture(items: readonly SelectItem[], { sql }: Scope): void {
  const other = items.find((item) => !isCount(item));
  if (other === undefined) return;
  const span = other.kind === 'value' ? other.value.span : { start: 0, end: sql.length };
  throw sqlError('Semantic', sql, span, 'count(*) cannot stand beside columns: there is no GROUP BY here');
}

function countColumns(items: readonly SelectItem[]): Column[] {
  return items.map((item) => ({ name: item.kind === 'value' ? item.name : 'count(*)', type: 'UInt64' }));
}

function compileOrder({ orderBy, items }: SelectionRequest, scope: Scope): RowOrder | undefined {
  const keys = orderBy.map(({ value, descending }) => ({
    evaluate: compileExpression(aliased(value, items, scope), scope).evaluate,
    descending,
  }));
  const [first] = orderBy;
  const isKeyOrder =
    first === undefined ||
    (!first.descending && first.value.kind === 'column' && isKeyColumn(first.value.name, scope));
  if (isKeyOrder) return undefined;
  return {
    placeOf: (row) => [...keys.map(({ evaluate }) => evaluate(row)), keyOf(row)],
    compare: (left, right) => {
      for (const [index, { descending }] of keys.entries()) {
        const order = compareInOrder(left[index] ?? null, right[index] ?? null, descending);
        if (order !== 0) return order;
      }
      return compareValues(left.at(-1) ?? null, right.at(-1) ?? null);
    },
  };
}

/** NULL is last in either direction, as in Databend. */
function compareInOrder(left: Value, right: Value, descending: boolean): number {
  const order = compareValues(left, right);
  return descending && left !== null && right !== null ? -order : order;
}

function isKeyColumn(name: string, { columns }: Scope): boolean {
  return columns[0]?.name === name.toLowerCase();
}

/** `ORDER BY 2`, and by an alias of the SELECT. */
function aliased(value: Expression, items: readonly SelectItem[], { sql }: Scope): Expression {
  if (value.kind === 'literal' && typeof value.value === 'number') {
    const item = items[value.value - 1];
    if (item?.kind === 'value') return item.value;
    throw sqlError(
      'Semantic',
      sql,
      value.span,
      'ORDER BY a position needs a SELECT that names so many columns',
    );
  }
  if (value.kind !== 'column') return value;
  const named = items.find((item) => item.kind === 'value' && item.name === value.name);
  return named?.kind === 'value' ? named.value : value;
}
