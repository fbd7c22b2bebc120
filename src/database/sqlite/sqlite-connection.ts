import type Database from 'better-sqlite3';
import { sqliteDriver } from './sqlite-driver.js';

/** The size that the file of the write-ahead log keeps at most. SQLite's own checkpoints keep it at a quarter of that. */
const MAX_LOG_BYTES = 16 * 1024 * 1024;

/** Opens a connection whose statements never wait: SQLite's own wait would block the event loop, so callers retry. */
export function connectSqlite(path: string): Database.Database {
  const connection = new (sqliteDriver())(path, { timeout: 0 });
  prepareConnection(connection);
  return connection;
}

/** Applies the settings of every connection. */
export function prepareConnection(connection: Database.Database): void {
  connection.pragma('journal_mode = WAL');
  // In WAL mode a commit with FULL survives a power cut.
  connection.pragma('synchronous = FULL');
  // The log grows during a long read. Without a limit the file would keep that size afterwards.
  connection.pragma(`journal_size_limit = ${String(MAX_LOG_BYTES)}`);
  connection.pragma('foreign_keys = ON');
}
