import type { SelectClauses } from '../sql/ast.js';

/** What a SELECT asks of one table. */
export type SelectionRequest = SelectClauses;

const NO_CLAUSES = {
  where: undefined,
  groupBy: undefined,
  having: undefined,
  orderBy: [],
  limit: undefined,
  offset: 0,
} as const;

/** Some items and nothing else, unless it is given. */
export function requestOf(
  items: SelectionRequest['items'],
  clauses: Partial<Omit<SelectionRequest, 'items'>> = {},
): SelectionRequest {
  return { ...NO_CLAUSES, ...clauses, items };
}
