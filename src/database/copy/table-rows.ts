import { createHash } from 'node:crypto';
import type { SqlDatabase } from '../sql-database.js';
import { sql, type Sql, type SqlStatement, type SqlValue } from '../sql.js';
import type { CopiedTable } from './tables.js';

/** Reads plain SQL: a database, or a snapshot of one. */
export type RowReader = Pick<SqlDatabase, 'readRows'>;

export type Row = readonly SqlValue[];

/** Rows per statement: fewer values than any database takes at once. */
export const BATCH = 500;

/** Yields the rows of a table in the order of its key, which all databases compare by bytes. */
export async function* rowsOf(
  database: RowReader,
  table: CopiedTable,
  after?: Row,
): AsyncGenerator<readonly Row[]> {
  const select = `SELECT ${table.columns.join(', ')} FROM ${table.name}`;
  const order = `ORDER BY ${table.key.join(', ')} LIMIT ${String(BATCH)}`;
  const first = sql<Row>(`${select} ${order}`);
  const next = sql<Row>(`${select} WHERE ${behind(table)} ${order}`);
  for (let last = after; ;) {
    const read: readonly Row[] =
      last === undefined
        ? await database.readRows(first)
        : await database.readRows(next, ...keyOf(table, last));
    if (read.length > 0) yield read.map((row) => row.map(plain));
    if (read.length < BATCH) return;
    last = read.at(-1);
  }
}

export async function countOf(database: RowReader, { name }: CopiedTable): Promise<number> {
  const [row] = await database.readRows(sql<readonly [number]>(`SELECT count(*) FROM ${name}`));
  return row?.[0] ?? 0;
}

/** Reports whether the table holds nothing but what migrations made. */
export async function isAsMade(
  database: RowReader,
  { name, builtIn = 'false' }: CopiedTable,
): Promise<boolean> {
  const others = sql<readonly [number]>(`SELECT 1 FROM ${name} WHERE NOT (${builtIn}) LIMIT 1`);
  return (await database.readRows(others)).length === 0;
}

/** @returns the last row in the order of the key; undefined if there is none. */
export async function lastOf(database: RowReader, table: CopiedTable): Promise<Row | undefined> {
  const order = table.key.map((column) => `${column} DESC`).join(', ');
  const query: Sql<Row> = sql(
    `SELECT ${table.columns.join(', ')} FROM ${table.name} ORDER BY ${order} LIMIT 1`,
  );
  const [row] = await database.readRows(query);
  return row?.map(plain);
}

/** SHA-256 over the first rows in the order of the key, in hex. */
export async function digestOf(database: RowReader, table: CopiedTable, count = Infinity): Promise<string> {
  const digest = createHash('sha256');
  let remaining = count;
  if (remaining === 0) return digest.digest('hex');
  for await (const rows of rowsOf(database, table)) {
    for (const row of rows.slice(0, remaining)) digest.update(`${JSON.stringify(row)}\n`);
    remaining -= rows.length;
    if (remaining <= 0) break;
  }
  return digest.digest('hex');
}

/** @returns a statement that inserts the rows. */
export function insertion({ name, columns }: CopiedTable, rows: readonly Row[]): SqlStatement {
  const one = `(${columns.map(() => '?').join(', ')})`;
  const text = `INSERT INTO ${name} (${columns.join(', ')}) VALUES ${rows.map(() => one).join(', ')}`;
  return sql(text).with(...rows.flat());
}

function keyOf({ key }: CopiedTable, row: Row): SqlValue[] {
  return row.slice(0, key.length); // the key's columns come first
}

/** A condition for the rows behind one of them. */
function behind({ key }: CopiedTable): string {
  return `(${key.join(', ')}) > (${key.map(() => '?').join(', ')})`;
}

/** SQLite has no booleans: it gives 0 and 1. */
function plain(value: unknown): SqlValue {
  if (typeof value === 'boolean') return value ? 1 : 0;
  return value as SqlValue; // of a column of TABLES
}

/** @returns a statement that deletes all rows of a table. */
export function clearing({ name }: CopiedTable): SqlStatement {
  return sql(`DELETE FROM ${name}`).with();
}
