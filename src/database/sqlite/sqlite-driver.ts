import { createRequire } from 'node:module';
import { version, versions } from 'node:process';
import type Database from 'better-sqlite3';

import { DatabaseError } from '../database-error.js';

/** The version of Node-API that better-sqlite3 13 needs; Node 20 has an older one. */
const NODE_API_OF_13 = 10;

/**
 * Loads the release of better-sqlite3 that this Node can run: 13 if it can load it, else 12. Compiled against the headers of
 * Node 24.19 and later, 12 aborts the process when a statement is garbage-collected.
 */
export function sqliteDriver(): typeof Database {
  const release = Number(versions['napi']) >= NODE_API_OF_13 ? 'better-sqlite3-13' : 'better-sqlite3';
  return loadDriver(release);
}

/**
 * @throws DatabaseError `Unavailable` if the release is not installed: npm silently skips an optional dependency that it cannot
 *   fetch or build.
 */
export function loadDriver(release: string): typeof Database {
  try {
    // TypeORM takes either release as it is; the types are those of 12.
    return createRequire(import.meta.url)(release) as typeof Database;
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw new DatabaseError(
      'Unavailable',
      `The package ${release}, which Node ${version} needs, is not installed: run npm ci with this Node, with access to the registry and with a C++ compiler.`,
      { cause: error },
    );
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND';
}
