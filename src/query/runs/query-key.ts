/** Identifies a query by its user's id and its own. */
export interface QueryKey {
  readonly userId: string;
  readonly id: string;
}

/** Returns a name that is unique among the queries of all users. */
export function queryName({ userId, id }: QueryKey): string {
  return JSON.stringify([userId, id]);
}
