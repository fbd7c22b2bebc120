import { Injectable } from '@nestjs/common';
import { SqlDatabase } from '../../database/sql-database.js';
import { sql, type SqlStatement } from '../../database/sql.js';
import { isReadable } from '../../keys/is-readable.js';
import type { Orphan } from '../../storage/contract/orphan.js';
import type { StorageConnection } from '../../storage/contract/storage-provider-factory.js';
import type { StorageLocation } from '../../storage/storage-location.js';
import { ProcessRepository } from '../servers/process.repository.js';
import { OrphanConnections } from './orphan-connections.js';

/** Something that a put has left in a store, or would leave if its process crashed now. */
export interface RecordedOrphan {
  readonly id: string;
  readonly processId: string;
  readonly store: string;
  readonly orphan: Orphan;
  /** Whether its put has ended, and could not remove it. */
  readonly isAbandoned: boolean;
  /** @throws SealedBoxError */
  readonly decryptConnection: () => StorageConnection;
}

interface OrphanRow {
  readonly id: string;
  readonly process_id: string;
  readonly store: string;
  readonly sealed_connection: string;
  readonly leftover: string;
  readonly is_abandoned: number;
}

const RECORD =
  sql(`INSERT INTO leftovers (id, process_id, store, object_key, sealed_connection, leftover, is_abandoned, noted_at)
VALUES (?, ?, ?, ?, ?, ?, 0, ?) ON CONFLICT (id) DO UPDATE SET leftover = excluded.leftover`);
const ABANDON = sql('UPDATE leftovers SET is_abandoned = 1 WHERE id = ?');
const CLAIM = sql('UPDATE leftovers SET process_id = ?, is_abandoned = 1 WHERE id = ? AND process_id = ?');
const FORGET = sql('DELETE FROM leftovers WHERE id = ?');
const FORGET_STORE = sql('DELETE FROM leftovers WHERE store = ?');
const COLUMNS = 'SELECT id, process_id, store, sealed_connection, leftover, is_abandoned FROM leftovers';
const ALL = sql<OrphanRow>(`${COLUMNS} WHERE id > ? ORDER BY id LIMIT ?`);
const OF_OBJECT = sql<OrphanRow>(`${COLUMNS} WHERE store = ? AND object_key = ?`);
const PAGE = 500;

/** Stores cleanup records of puts, shared by all servers of this database. */
@Injectable()
export class OrphanRepository {
  constructor(
    private readonly database: SqlDatabase,
    private readonly processes: ProcessRepository,
    private readonly connections: OrphanConnections,
  ) {}

  /** Inserts the record, or replaces an earlier one of its id. */
  recordStatement(id: string, location: StorageLocation, orphan: Orphan): SqlStatement {
    const connection = this.connections.encrypt(location);
    const recordedAt = new Date().toISOString();
    const { ownId } = this.processes;
    return RECORD.with(id, ownId, location.store, orphan.key, connection, JSON.stringify(orphan), recordedAt);
  }

  /** Deletes the record of a put that has ended and left nothing. */
  forgetStatement(id: string): SqlStatement {
    return FORGET.with(id);
  }

  /** Marks the record of a put that has ended: its latest object may still exist. */
  abandonStatement(id: string): SqlStatement {
    return ABANDON.with(id);
  }

  /** Assigns the orphan to this server. @returns false if another server was faster. */
  async claim({ id, processId }: RecordedOrphan): Promise<boolean> {
    if (processId === this.processes.ownId) return true;
    const [changes] = await this.database.write([CLAIM.with(this.processes.ownId, id, processId)]);
    return changes === 1;
  }

  async forget({ id }: RecordedOrphan): Promise<void> {
    await this.database.write([this.forgetStatement(id)]);
  }

  /** Deletes the records of a store, for a copy of the database without the store's orphans. */
  forgetStoreStatement(store: string): SqlStatement {
    return FORGET_STORE.with(store);
  }

  /**
   * Deletes records whose connections this key does not decrypt: nobody can remove their orphans.
   *
   * @returns their number.
   */
  async forgetUnreadable(): Promise<number> {
    let forgotten = 0;
    for await (const recorded of this.all()) {
      if (isReadable(() => recorded.decryptConnection())) continue;
      await this.forget(recorded);
      forgotten++;
    }
    return forgotten;
  }

  async *all(): AsyncGenerator<RecordedOrphan> {
    for (let after: string | undefined = ''; after !== undefined;) {
      const rows: readonly OrphanRow[] = await this.database.read(ALL, after, PAGE);
      for (const row of rows) yield this.#recordedFrom(row);
      after = rows.length < PAGE ? undefined : rows.at(-1)?.id;
    }
  }

  /** Returns the records of other puts of the same key. */
  async othersOf({ id, store, orphan }: RecordedOrphan): Promise<readonly RecordedOrphan[]> {
    const rows = await this.database.read(OF_OBJECT, store, orphan.key);
    return rows.filter((row) => row.id !== id).map((row) => this.#recordedFrom(row));
  }

  #recordedFrom(row: OrphanRow): RecordedOrphan {
    return {
      id: row.id,
      processId: row.process_id,
      store: row.store,
      orphan: JSON.parse(row.leftover) as Orphan, // written by `recordStatement`
      isAbandoned: row.is_abandoned === 1,
      decryptConnection: () => this.connections.decrypt(row.store, row.sealed_connection),
    };
  }
}
