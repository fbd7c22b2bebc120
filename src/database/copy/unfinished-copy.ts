import type { QueryRunner } from 'typeorm';
import { DatabaseError } from '../database-error.js';
import type { SqlDatabase } from '../sql-database.js';
import { sql } from '../sql.js';

const NAME = 'unfinished_copy';
const MARK = sql('INSERT INTO database_state (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING');
const UNMARK = sql('DELETE FROM database_state WHERE name = ?');

/** Marks the target of a copy: until it has ended, no server starts on a part of the rows. */
export async function markUnfinished(target: SqlDatabase): Promise<void> {
  await target.write([MARK.with(NAME, new Date().toISOString())]);
}

export async function markFinished(target: SqlDatabase): Promise<void> {
  await target.write([UNMARK.with(NAME)]);
}

/** @throws DatabaseError if a copy into this database was interrupted. @param name of the database, for the message. */
export async function assertNoUnfinishedCopy(runner: QueryRunner, name: string): Promise<void> {
  const marks = (await runner.query(`SELECT 1 FROM database_state WHERE name = '${NAME}'`)) as unknown[];
  if (marks.length === 0) return;
  throw new DatabaseError(
    'Unavailable',
    `The database ${name} holds a part of a copy. Run again what was interrupted: npm run admin -- copy-database, or restore.`,
  );
}
