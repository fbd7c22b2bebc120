import { Injectable } from '@nestjs/common';
import { SqlDatabase } from '../../database/sql-database.js';
import { sql, type SqlStatement } from '../../database/sql.js';
import { ORPHAN_CONNECTIONS } from '../../journal/cleanup/orphan-connections.js';
import { SealedBoxError } from '../../keys/sealed-box-error.js';
import { SealedBox } from '../../keys/sealed-box.js';
import type { EncryptedColumn } from '../../keys/encrypted-column.js';
import { QUERY_FAILURES } from '../../query/runs/query-record.repository.js';
import { STAGE_CONNECTIONS } from '../../stages/catalog/stage.repository.js';
import { CONNECTION_OPTIONS } from '../../stages/connections/connection.repository.js';

/** Every column that the service encrypts. */
const ENCRYPTED_COLUMNS = [STAGE_CONNECTIONS, CONNECTION_OPTIONS, ORPHAN_CONNECTIONS, QUERY_FAILURES];

/** Records per write, which bounds the time that a server waits for the database. */
const BATCH = 100;

export interface RotatedColumn {
  /** Noun for its records, for a message. */
  readonly what: string;
  readonly renewed: number;
  /** Number of records that no key of this server decrypts. */
  readonly unreadable: number;
}

interface EncryptedRow {
  readonly names: Readonly<Record<string, string>>;
  readonly text: string;
}

/** Re-encrypts, with the first key, secrets under another key or in an older format. */
@Injectable()
export class KeyRotation {
  constructor(
    private readonly database: SqlDatabase,
    private readonly box: SealedBox,
  ) {}

  /**
   * Changes each record in one statement, and only if nobody changed it since it was read, so servers may run. After an
   * interruption the next run continues.
   */
  async rotate(): Promise<readonly RotatedColumn[]> {
    const rotated: RotatedColumn[] = [];
    for (const column of ENCRYPTED_COLUMNS) rotated.push(await this.#rotate(column));
    return rotated;
  }

  async #rotate(column: EncryptedColumn): Promise<RotatedColumn> {
    for (let renewed = 0; ;) {
      const old = await this.#rowsUnderOthers(column);
      const statements = old.flatMap((row) => this.#renewal(column, row) ?? []);
      if (statements.length === 0) return { what: column.label, renewed, unreadable: old.length };
      for (let i = 0; i < statements.length; i += BATCH) {
        const changes = await this.database.write(statements.slice(i, i + BATCH));
        renewed += changes.reduce((sum, changed) => sum + changed, 0);
      }
    }
  }

  async #rowsUnderOthers({ table, column, names }: EncryptedColumn): Promise<readonly EncryptedRow[]> {
    const prefix = this.box.currentPrefix;
    const query = sql<
      readonly string[]
    > // text columns only
    (
      `SELECT ${[column, ...names].join(', ')} FROM ${table} WHERE ${column} IS NOT NULL AND substr(${column}, 1, ?) <> ?`,
    );
    const rows = await this.database.readRows(query, prefix.length, prefix);
    return rows.map(([text = '', ...values]) => ({
      text,
      names: Object.fromEntries(names.map((name, index) => [name, values[index] ?? ''])),
    }));
  }

  /** @returns undefined if no key decrypts it. */
  #renewal({ table, column, names, rowOf }: EncryptedColumn, row: EncryptedRow): SqlStatement | undefined {
    try {
      const content = this.box.decrypt(rowOf(row.names), row.text) as object; // the input of `encrypt`
      const where = [...names, column].map((name) => `${name} = ?`).join(' AND ');
      const values = [this.box.encrypt(rowOf(row.names), content), ...Object.values(row.names), row.text];
      return sql(`UPDATE ${table} SET ${column} = ? WHERE ${where}`).with(...values);
    } catch (error) {
      if (error instanceof SealedBoxError) return undefined;
      throw error;
    }
  }
}
