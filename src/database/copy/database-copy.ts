import { DatabaseError } from '../database-error.js';
import type { SqlDatabase } from '../sql-database.js';
import {
  BATCH,
  clearing,
  countOf,
  digestOf,
  insertion,
  isAsMade,
  lastOf,
  rowsOf,
  type RowReader,
} from './table-rows.js';
import { TABLES, type CopiedTable } from './tables.js';
import { markFinished, markUnfinished } from './unfinished-copy.js';

/** Progress of a copy: rows of one table. */
export interface CopyProgress {
  readonly table: string;
  readonly copied: number;
  readonly total: number;
}

export interface CopiedRows {
  readonly table: string;
  readonly rows: number;
  /** Of the rows on both sides: hex SHA-256. */
  readonly sha256: string;
}

/**
 * Copies all rows of the service into a database with the same tables. An interrupted copy goes on where it was: rows are copied
 * in the order of their keys, so a target holds the first rows of its source.
 *
 * @throws DatabaseError if the target holds other rows, or differs in the end.
 */
export class DatabaseCopy {
  readonly #source: RowReader;
  readonly #target: SqlDatabase;

  constructor(source: RowReader, target: SqlDatabase) {
    this.#source = source;
    this.#target = target;
  }

  async run(progress: (progress: CopyProgress) => void = () => undefined): Promise<readonly CopiedRows[]> {
    const unused: CopiedTable[] = [];
    for (const table of TABLES) if (await this.#isUnused(table)) unused.push(table);
    await markUnfinished(this.#target);
    // Those of the source may be older, and come with it.
    if (unused.length > 0) await this.#target.write(unused.map(clearing));
    for (const table of TABLES) await this.#copy(table, progress);
    const copied: CopiedRows[] = [];
    for (const table of TABLES) copied.push(await this.#compare(table));
    await markFinished(this.#target);
    return copied;
  }

  /**
   * Compares what the target holds already, before anything is written.
   *
   * @returns whether it holds only what its own migrations made, which is not the beginning of the source.
   */
  async #isUnused(table: CopiedTable): Promise<boolean> {
    const count = await countOf(this.#target, table);
    const isBeginning =
      (await digestOf(this.#target, table)) === (await digestOf(this.#source, table, count));
    if (isBeginning) return false;
    if (await isAsMade(this.#target, table)) return true;
    throw differs(table, `holds ${String(count)} rows that are not the first ones of the source`);
  }

  async #copy(table: CopiedTable, progress: (progress: CopyProgress) => void): Promise<void> {
    const total = await countOf(this.#source, table);
    let copied = await countOf(this.#target, table);
    progress({ table: table.name, copied, total });
    for await (const rows of rowsOf(this.#source, table, await lastOf(this.#target, table))) {
      await this.#target.write([insertion(table, rows)]);
      copied += rows.length;
      if (copied % (20 * BATCH) === 0 || copied === total) progress({ table: table.name, copied, total });
    }
  }

  async #compare(table: CopiedTable): Promise<CopiedRows> {
    const rows = await countOf(this.#target, table);
    const sha256 = await digestOf(this.#target, table);
    if (rows !== (await countOf(this.#source, table)))
      throw differs(table, 'has another number of rows in the end');
    if (sha256 !== (await digestOf(this.#source, table))) throw differs(table, 'has other rows in the end');
    return { table: table.name, rows, sha256 };
  }
}

function differs({ name }: CopiedTable, how: string): DatabaseError {
  return new DatabaseError(
    'Unavailable',
    `The table ${name} of the target ${how}. Copy into an empty database, while no server uses either.`,
  );
}
