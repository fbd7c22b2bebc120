import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../../src/database/data-source-options.js';
import { openDatabase } from '../../../src/database/open-database.js';
import { SqlDatabase } from '../../../src/database/sql-database.js';

/** A database of the service in a folder of its own, and connections to it as several servers would have them. */
export class TemporaryDatabase {
  readonly folder = mkdtempSync(join(tmpdir(), 'stagedoor-database-'));
  readonly #opened: { readonly source: DataSource; readonly database: SqlDatabase }[] = [];

  async connect(): Promise<{ readonly source: DataSource; readonly database: SqlDatabase }> {
    const source = await openDatabase(dataSourceOptions(join(this.folder, 'stages.db')));
    const connection = { source, database: new SqlDatabase(source) };
    this.#opened.push(connection);
    return connection;
  }

  async remove(): Promise<void> {
    for (const { source, database } of this.#opened) {
      await database.onApplicationShutdown();
      if (source.isInitialized) await source.destroy();
    }
    rmSync(this.folder, { recursive: true });
  }
}
