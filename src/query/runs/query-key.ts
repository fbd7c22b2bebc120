/** Identifies a query by its user and its id. */
export interface QueryKey {
  readonly userName: string;
  readonly id: string;
}

/** Returns a name that is unique among the queries of all users. */
export function queryName({ userName, id }: QueryKey): string {
  return JSON.stringify([userName, id]);
}
