import { SERVICE_PRIVILEGES } from '../../access/service-privileges.js';

const PLACES: ReadonlyMap<string, number> = new Map(SERVICE_PRIVILEGES.map((word, place) => [word, place]));

/** Each privilege once, in the order in which Databend shows them. */
export function inOrder(privileges: Iterable<string>): readonly string[] {
  return [...new Set(privileges)].sort((a, b) => (PLACES.get(a) ?? 0) - (PLACES.get(b) ?? 0));
}
