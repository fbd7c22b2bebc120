import { Store } from '../lib/store.js';

const MOST = 50;

/** The latest first. In memory only: a statement can hold keys and passwords. */
export const statementHistory = new Store<readonly string[]>([]);

export function noteStatement(sql: string): void {
  const others = statementHistory.get().filter((other) => other !== sql);
  statementHistory.set([sql, ...others].slice(0, MOST));
}
