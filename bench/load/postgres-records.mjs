import { join } from 'node:path';

import Database from 'better-sqlite3';

import { onPostgres } from '../peers/postgres.mjs';

const TABLE = 'stored_files';
const BATCH = 10_000;

/** Copies what a server on SQLite knows of its files, and its stages, to the database of another server. */
export async function copyRecords({ folder }, url) {
  const database = new Database(join(folder, 'stagedoor.db'), { readonly: true });
  try {
    for (const table of ['stages', TABLE]) {
      const columns = database.pragma(`table_info(${table})`).map(({ name }) => name);
      const rows = database
        .prepare(`SELECT ${columns.join(', ')} FROM ${table}`)
        .raw(true)
        .all();
      for (let from = 0; from < rows.length; from += BATCH) {
        await onPostgres(url, insertion(table, columns, rows.slice(from, from + BATCH)));
      }
    }
  } finally {
    database.close();
  }
  await onPostgres(url, 'VACUUM ANALYZE');
}

function insertion(table, columns, rows) {
  const arrays = columns.map((name, i) => `$${i + 1}::${name === 'size' ? 'bigint' : 'text'}[]`);
  const text = `INSERT INTO ${table} (${columns.join(', ')}) SELECT * FROM unnest(${arrays.join(', ')}) ON CONFLICT DO NOTHING`;
  return { text, values: columns.map((_, i) => rows.map((row) => row[i])) };
}

/** Makes a database as large as one of a busy year: files that nobody asks for, and stages like the one named. */
export async function growDatabase(url, { files, stages, pattern }) {
  await onPostgres(
    url,
    `INSERT INTO ${TABLE} (store, object_key, etag, size, md5, creator, stored_at, upload_id)
     SELECT 'fs', 'grown/' || n, n, n, md5(n::text), 'root', '2026-01-01T00:00:00.000Z', n FROM generate_series(1, ${files}) AS n`,
    {
      text: `INSERT INTO stages (id, name, kind, sealed_connection, file_format, comment, creator, created_on)
             SELECT 'grown' || n, 'grown' || n, kind, sealed_connection, file_format, comment, creator, created_on
             FROM stages, generate_series(1, ${stages}) AS n WHERE name = $1`,
      values: [pattern],
    },
    'VACUUM ANALYZE',
  );
}
