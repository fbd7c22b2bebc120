import { join, resolve } from 'node:path';
import { parse, toClientConfig } from 'pg-connection-string';
import type { ClientConfig } from 'pg';
import { messageOf } from '../common/message-of.js';

/** Where the service keeps its own data. */
export type DatabaseConfig = SqliteConfig | PostgresConfig;

export interface SqliteConfig {
  readonly kind: 'sqlite';
  /** Absolute path of the file. */
  readonly path: string;
}

export interface PostgresConfig {
  readonly kind: 'postgres';
  /** Host, user, password, database and TLS, as `pg` takes them. */
  readonly client: ClientConfig;
  /** Connections of one server. */
  readonly poolSize: number;
  /** The longest time for a connection, and for a statement. */
  readonly timeoutSeconds: number;
  readonly durability: Durability;
}

/**
 * Whether an acknowledged write is on the disk of the database. `relaxed`: a crash of the database may lose the last second of
 * bookkeeping about uploads, never a file and never a stage.
 */
export type Durability = (typeof DURABILITIES)[number];

export const DURABILITIES = ['full', 'relaxed'] as const;

const SQLITE = 'sqlite:';
const POSTGRES = /^postgres(ql)?:\/\//;

/** Rule of DATABASE_URL, for a message. */
export const DATABASE_URL_RULE =
  "must be 'sqlite:' and the path of a file, as in sqlite:./data/stagedoor.db, or the URL of a PostgreSQL database, as in postgres://user:password@host:5432/stagedoor";

/** @returns what is wrong with the URL, or undefined. Never quotes it: it may hold a password. */
export function databaseUrlProblem(url: string): string | undefined {
  if (url.startsWith(SQLITE) && url.length > SQLITE.length) return undefined;
  if (!POSTGRES.test(url) || !URL.canParse(url)) return DATABASE_URL_RULE;
  try {
    const { database } = clientOf(url);
    return database === undefined || database === '' ? 'names no database behind the host' : undefined;
  } catch (error) {
    return `cannot be used: ${messageOf(error)}`; // of `sslrootcert` and its like: a file that cannot be read
  }
}

/** @param url a valid DATABASE_URL. */
export function databaseConfig(
  url: string | undefined,
  dataDir: string,
  pool: Omit<PostgresConfig, 'kind' | 'client'>,
): DatabaseConfig {
  if (url === undefined) return { kind: 'sqlite', path: join(dataDir, 'stagedoor.db') };
  if (url.startsWith(SQLITE)) return { kind: 'sqlite', path: resolve(url.slice(SQLITE.length)) };
  return { kind: 'postgres', client: clientOf(url), ...pool };
}

/** Settings for commands: a commit waits for the disk, and a statement over all rows may take an hour. */
export function forCommands(database: DatabaseConfig): DatabaseConfig {
  return database.kind === 'sqlite' ? database : { ...database, durability: 'full', timeoutSeconds: 3600 };
}

/** Names a database for people, without its password. */
export function databaseName(database: DatabaseConfig): string {
  if (database.kind === 'sqlite') return database.path;
  const { host = 'localhost', port = 5432, database: name = '' } = database.client;
  return `postgres://${host.includes(':') ? `[${host}]` : host}:${String(port)}/${name}`;
}

function clientOf(url: string): ClientConfig {
  // libpq's meaning of `sslmode`: `require` encrypts, `verify-full` also checks the name.
  return toClientConfig(parse(url, { useLibpqCompat: true }));
}
