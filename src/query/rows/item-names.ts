import type { Expression, SelectItem } from '../sql/ast.js';
import { sqlError } from '../sql/messages/sql-snippet.js';

/** Resolves a position, as in `ORDER BY 2`. @returns undefined if the expression is not a position. */
export function itemAt(
  { kind, ...rest }: Expression,
  items: readonly SelectItem[],
  { sql, clause }: { readonly sql: string; readonly clause: 'ORDER BY' | 'GROUP BY' },
): Expression | undefined {
  if (kind !== 'literal' || !('value' in rest) || typeof rest.value !== 'number') return undefined;
  const item = items[rest.value - 1];
  if (item?.kind === 'value') return item.value;
  const rule = `${clause} a position needs a SELECT that names so many columns`;
  throw sqlError('Semantic', sql, rest.span, rule);
}

/** Resolves an alias of the SELECT. @returns undefined if there is no such alias. */
export function itemNamed(
  { name }: Extract<Expression, { kind: 'column' }>,
  items: readonly SelectItem[],
): Expression | undefined {
  const named = items.find((item) => item.kind === 'value' && item.name === name);
  return named?.kind === 'value' ? named.value : undefined;
}
