/** Whose query it is, and its id. */
export interface QueryKey {
  readonly userName: string;
  readonly id: string;
}

/** Names the query: no other user's has this name. */
export function queryName({ userName, id }: QueryKey): string {
  return JSON.stringify([userName, id]);
}
