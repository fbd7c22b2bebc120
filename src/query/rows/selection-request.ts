import type { SelectClauses } from '../sql/ast.js';

/** The clauses of a SELECT from one table. */
export type SelectionRequest = SelectClauses;

const NO_CLAUSES = {
  where: undefined,
  groupBy: undefined,
  having: undefined,
  orderBy: [],
  limit: undefined,
  offset: 0,
} as const;

/** Builds a request of items, with only the given clauses. */
export function requestOf(
  items: SelectionRequest['items'],
  clauses: Partial<Omit<SelectionRequest, 'items'>> = {},
): SelectionRequest {
  return { ...NO_CLAUSES, ...clauses, items };
}
