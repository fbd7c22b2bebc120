import { createRequire } from 'node:module';
import { versions } from 'node:process';
import type Database from 'better-sqlite3';

/** better-sqlite3 13 is built on this version of Node-API; Node 20 has an older one. */
const NODE_API_OF_13 = 10;

/**
 * The release of better-sqlite3 that this Node can run: 13 where it loads, else 12. Compiled against the headers of Node
 * 24.19 and later, 12 aborts the process when a statement is collected.
 */
export function sqliteDriver(): typeof Database {
  const release = Number(versions['napi']) >= NODE_API_OF_13 ? 'better-sqlite3-13' : 'better-sqlite3';
  // Both are the same module to TypeORM, which takes it as it is; the types are those of 12.
  return createRequire(import.meta.url)(release) as typeof Database;
}
