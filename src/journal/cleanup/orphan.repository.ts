import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SqlDatabase, type SqlStatement } from '../../database/sql-database.js';
import { SealedBox } from '../../keys/sealed-box.js';
import type { SealedColumn } from '../../keys/sealed-column.js';
import { isReadable } from '../../keys/is-readable.js';
import type { Orphan } from '../../storage/contract/orphan.js';
import type { StorageConnection } from '../../storage/contract/storage-provider-factory.js';
import type { StorageLocation } from '../../storage/storage-location.js';
import { ProcessRepository } from '../servers/process.repository.js';

/** Something in a store that is left, or would be if its process died now. */
export interface RecordedOrphan {
  readonly id: string;
  readonly processId: string;
  readonly store: string;
  readonly orphan: Orphan;
  /** Its put is over, and could not remove it. */
  readonly isAbandoned: boolean;
  /** @throws SealedBoxError */
  readonly openConnection: () => StorageConnection;
}

interface OrphanRow {
  readonly id: string;
  readonly process_id: string;
  readonly store: string;
  readonly sealed_connection: string;
  readonly leftover: string;
  readonly is_abandoned: number;
}

const NOTE = `INSERT INTO leftovers (id, process_id, store, object_key, sealed_connection, leftover, is_abandoned, noted_at)
VALUES (?, ?, ?, ?, ?, ?, 0, ?) ON CONFLICT (id) DO UPDATE SET leftover = excluded.leftover`;
const ABANDON = 'UPDATE leftovers SET is_abandoned = 1 WHERE id = ?';
const CLAIM = 'UPDATE leftovers SET process_id = ?, is_abandoned = 1 WHERE id = ? AND process_id = ?';
const FORGET = 'DELETE FROM leftovers WHERE id = ?';
const FORGET_STORE = 'DELETE FROM leftovers WHERE store = ?';
const COLUMNS = 'SELECT id, process_id, store, sealed_connection, leftover, is_abandoned FROM leftovers';
const ALL = `${COLUMNS} WHERE id > ? ORDER BY id LIMIT ?`;
const OF_OBJECT = `${COLUMNS} WHERE store = ? AND object_key = ?`;
const PAGE = 500;

export const ORPHAN_CONNECTIONS: SealedColumn = {
  what: 'notes of unfinished uploads',
  table: 'leftovers',
  column: 'sealed_connection',
  names: ['id', 'store'],
  rowOf: ({ store = '' }) => rowsOf(store),
};

/** Where puts note what they could leave behind, for every server on this database. */
@Injectable()
export class OrphanRepository {
  /** Notes whose puts go on in this process. */
  readonly #open = new Set<string>();
  /** An internal storage's connection is the same object for all puts: to seal it again each time would cost as much as the note. */
  readonly #sealed = new WeakMap<StorageConnection, string>();
  #onAbandoned: () => void = () => undefined;

  constructor(
    private readonly database: SqlDatabase,
    private readonly processes: ProcessRepository,
    private readonly box: SealedBox,
  ) {}

  /** @param listener is told when a put of this process is over that could not remove what it has left. */
  whenAbandoned(listener: () => void): void {
    this.#onAbandoned = listener;
  }

  /** A note of a put that begins; nothing is written yet. */
  open(): string {
    const id = randomUUID();
    this.#open.add(id);
    return id;
  }

  /** The latest note of an id counts. */
  recordStatement(id: string, { store, connection }: StorageLocation, orphan: Orphan): SqlStatement {
    const sealed = this.#sealedOnce(store, connection);
    const note = JSON.stringify(orphan);
    const values = [id, this.processes.ownId, store, orphan.key, sealed, note, new Date().toISOString()];
    return { sql: NOTE, values };
  }

  /** The put is over, and nothing is left of it. */
  closing(id: string): SqlStatement {
    this.#open.delete(id);
    return { sql: FORGET, values: [id] };
  }

  /** The put is over, and what it has noted last may still be there. */
  abandoning(id: string): SqlStatement {
    this.#open.delete(id);
    this.#onAbandoned();
    return { sql: ABANDON, values: [id] };
  }

  /** Is its put still at work, or its server still there to clean up? */
  isActive({ id, processId }: RecordedOrphan, running: ReadonlySet<string>): boolean {
    return processId === this.processes.ownId ? this.#open.has(id) : running.has(processId);
  }

  /** Makes it this server's to remove. @returns false where another one was faster. */
  async claim({ id, processId }: RecordedOrphan): Promise<boolean> {
    if (processId === this.processes.ownId) return true;
    const values = [this.processes.ownId, id, processId];
    const [changes] = await this.database.write([{ sql: CLAIM, values }]);
    return changes === 1;
  }

  async forget({ id }: RecordedOrphan): Promise<void> {
    await this.database.write([{ sql: FORGET, values: [id] }]);
  }

  /** For a copy of the database: what puts have left in that store is not with it. */
  forgettingStore(store: string): SqlStatement {
    return { sql: FORGET_STORE, values: [store] };
  }

  /** Those whose connections this key does not open can be removed by nobody. @returns how many there were. */
  async forgetUnreadable(): Promise<number> {
    const unreadable = [...this.all()].filter((noted) => !isReadable(() => noted.openConnection()));
    for (const noted of unreadable) await this.forget(noted);
    return unreadable.length;
  }

  *all(): Generator<RecordedOrphan> {
    for (let after: string | undefined = ''; after !== undefined;) {
      const rows = this.database.read(ALL, after, PAGE) as readonly OrphanRow[]; // its columns
      for (const row of rows) yield this.#noted(row);
      after = rows.length < PAGE ? undefined : rows.at(-1)?.id;
    }
  }

  /** What is noted of other puts of the same key. */
  othersOf({ id, store, orphan }: RecordedOrphan): readonly RecordedOrphan[] {
    const rows = this.database.read(OF_OBJECT, store, orphan.key) as readonly OrphanRow[]; // its columns
    return rows.filter((row) => row.id !== id).map((row) => this.#noted(row));
  }

  #sealedOnce(store: string, connection: StorageConnection): string {
    const known = this.#sealed.get(connection);
    if (known !== undefined) return known;
    const sealed = this.box.seal(rowsOf(store), connection);
    this.#sealed.set(connection, sealed);
    return sealed;
  }

  #noted(row: OrphanRow): RecordedOrphan {
    return {
      id: row.id,
      processId: row.process_id,
      store: row.store,
      orphan: JSON.parse(row.leftover) as Orphan, // as `recordStatement` wrote it
      isAbandoned: row.is_abandoned === 1,
      // What comes out of an authenticated cipher is what `noting` put in.
      openConnection: () => this.box.open(rowsOf(row.store), row.sealed_connection) as StorageConnection,
    };
  }
}

/** What a sealed connection is bound to: the notes of its store. */
function rowsOf(store: string): string {
  return `leftovers in ${store}`;
}
