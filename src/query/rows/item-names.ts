import type { Expression, SelectItem } from '../sql/ast.js';
import { sqlError } from '../sql/messages/sql-snippet.js';

/** `ORDER BY 2`. @returns undefined where no position is meant. */
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

/** What an alias of the SELECT stands for. */
export function itemNamed(
  { name }: Extract<Expression, { kind: 'column' }>,
  items: readonly SelectItem[],
): Expression | undefined {
  const named = items.find((item) => item.kind === 'value' && item.name === name);
  return named?.kind === 'value' ? named.value : undefined;
}
