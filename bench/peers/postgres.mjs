import pg from 'pg';

import { findPostgres } from '../../scripts/lib/postgres-source.mjs';
import { startPostgres as start } from '../../scripts/lib/postgres-server.mjs';
import { Unavailable } from '../lib/unavailable.mjs';

/** A PostgreSQL that waits for its disk, as in production: `{ newDatabase, version, stop }`. */
export async function startPostgres({ report }) {
  const found = await findPostgres(report);
  if (found.reason !== undefined) throw new Unavailable(found.reason);
  const server = await start(found.bin, { durable: true });
  const admin = server.url('postgres');
  const [{ server_version: version }] = await onPostgres(admin, 'SHOW server_version');
  let databases = 0;
  const newDatabase = async () => {
    databases += 1;
    await onPostgres(admin, `CREATE DATABASE bench${databases}`);
    return server.url(`bench${databases}`);
  };
  return { newDatabase, version, stop: server.remove };
}

/** Runs statements on a connection of its own. Gives the rows of the last one. */
export async function onPostgres(url, ...statements) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows = [];
    for (const { text, values } of statements.map(asQuery)) ({ rows } = await client.query(text, values));
    return rows;
  } finally {
    await client.end();
  }
}

function asQuery(statement) {
  return typeof statement === 'string' ? { text: statement, values: [] } : statement;
}
