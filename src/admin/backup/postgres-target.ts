import { dirname } from 'node:path';
import { makePrivateDirectory } from '../../common/private-files.js';
import {
  databaseName,
  forCommands,
  type DatabaseConfig,
  type PostgresConfig,
} from '../../config/database-config.js';
import { DatabaseCopy } from '../../database/copy/database-copy.js';
import { markUnfinished } from '../../database/copy/unfinished-copy.js';
import { clearing, isAsMade } from '../../database/copy/table-rows.js';
import { TABLES } from '../../database/copy/tables.js';
import { takeSnapshot } from '../../database/database-snapshot.js';
import { openSqlDatabase, withDatabase } from '../../database/open-database.js';
import type { SqlDatabase } from '../../database/sql-database.js';

/** A database of PostgreSQL that a restore fills. Its rows are replaced, not moved. */
export class PostgresTarget {
  readonly #database: DatabaseConfig;

  constructor(database: PostgresConfig) {
    this.#database = forCommands(database);
  }

  get name(): string {
    return databaseName(this.#database);
  }

  async holdsRows(): Promise<boolean> {
    return this.#use(async (database) => {
      for (const table of TABLES) if (!(await isAsMade(database, table))) return true;
      return false;
    });
  }

  /**
   * Replaces all rows by those of a file of SQLite. Run again after an interruption, it does the same.
   *
   * @param aside path of a new file for the rows that were there.
   * @returns whether there were any.
   */
  async replace(staged: string, aside: string): Promise<boolean> {
    const hadRows = await this.holdsRows();
    if (hadRows) await this.#copyTo(aside);
    const source = await openSqlDatabase({ kind: 'sqlite', path: staged });
    try {
      await this.#use(async (database) => {
        await markUnfinished(database); // until the copy has ended
        await database.write(TABLES.map(clearing));
        await new DatabaseCopy(source, database).run();
      });
    } finally {
      await source.close();
    }
    return hadRows;
  }

  async #copyTo(path: string): Promise<void> {
    makePrivateDirectory(dirname(path));
    const copy = await takeSnapshot(this.#database, path);
    await copy.close();
  }

  /** Creates missing tables. An earlier restore may have been interrupted. */
  #use<Result>(run: (database: SqlDatabase) => Promise<Result>): Promise<Result> {
    return withDatabase(this.#database, { migrates: true, mayBeUnfinished: true }, run);
  }
}
