import { onInterruption } from '../../../../scripts/lib/interruption.mjs';
import { lastingPort } from '../../../../scripts/lib/free-port.mjs';
import { startPostgres } from '../../../../scripts/lib/postgres-server.mjs';
import { findPostgres } from '../../../../scripts/lib/postgres-source.mjs';
import pg from 'pg';

/** @typedef {Awaited<ReturnType<typeof startOwnPostgres>>} OwnPostgres */

/**
 * A PostgreSQL for a harness, which may stop it, kill it and start it again. It waits for its disk.
 * @throws Error where none is to be had.
 */
export async function startOwnPostgres() {
  const found = await findPostgres((line) => console.error(line));
  if (found.reason !== undefined) throw new Error(`There is no PostgreSQL: ${found.reason}`);
  // It comes back on its port again and again, while servers try to connect to it.
  const port = await lastingPort();
  const settings = ['max_connections=200', 'full_page_writes=on', 'synchronous_commit=on'];
  const server = await startPostgres(found.bin, { durable: true, port, settings });
  const callOff = onInterruption(() => {
    try {
      server.kill();
    } catch {
      // it is stopped already
    }
  });
  const administer = (/** @type {string} */ statement) => rowsOf(server.url('postgres'), statement);
  return {
    url: server.url,
    start: server.start,
    stop: server.stop,
    restart: server.restart,
    /** @param {string} name */
    create: async (name) => {
      await administer(`CREATE DATABASE ${name}`);
      return server.url(name);
    },
    /** @param {string} name */
    drop: (name) => administer(`DROP DATABASE ${name} WITH (FORCE)`),
    /** Ends every session but its own: how many. */
    terminateAll: async () => {
      const others = 'backend_type = $$client backend$$ AND pid <> pg_backend_pid()';
      const rows = await administer(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${others}`);
      return rows.length;
    },
    remove: async () => {
      callOff();
      await server.remove();
    },
  };
}

/**
 * The rows of a statement on a connection of its own.
 *
 * @param {string} url
 * @param {string} statement
 * @returns {Promise<Record<string, unknown>[]>}
 */
export async function rowsOf(url, statement) {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined); // the statement that runs is told
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}
