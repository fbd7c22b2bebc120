import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import type Database from 'better-sqlite3';
import type { DataSource } from 'typeorm';
import { openDatabase, openSqlDatabase } from '../../../src/database/open-database.js';
import type { SqlDatabase } from '../../../src/database/sql-database.js';
import { sqliteDriver } from '../../../src/database/sqlite/sqlite-driver.js';

/** What one server has of a database. */
export interface Connected {
  readonly source: DataSource;
  readonly database: SqlDatabase;
  /** The connection of `database`, which it shows to nobody: a test makes it fail. */
  readonly connection: Database.Database;
}

/** A database of the service in a folder of its own, and connections to it as several servers would have them. */
export class TemporaryDatabase {
  readonly folder = mkdtempSync(join(tmpdir(), 'stagedoor-database-'));
  readonly #opened: Pick<Connected, 'source' | 'database'>[] = [];

  get path(): string {
    return join(this.folder, 'stages.db');
  }

  async connect(): Promise<Connected> {
    const source = await openDatabase({ kind: 'sqlite', path: this.path });
    // Every connection is prepared by pragmas as it is opened.
    const pragma = jest.spyOn(sqliteDriver().prototype, 'pragma');
    const opening = openSqlDatabase({ kind: 'sqlite', path: this.path });
    const connection = pragma.mock.contexts[0] as Database.Database; // whose method it is
    pragma.mockRestore();
    const database = await opening;
    this.#opened.push({ source, database });
    return { source, database, connection };
  }

  async remove(): Promise<void> {
    for (const { source, database } of this.#opened) {
      await database.close();
      if (source.isInitialized) await source.destroy();
    }
    rmSync(this.folder, { recursive: true });
  }
}
