import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SqlDatabase, type SqlStatement } from '../../database/sql-database.js';
import { SealedBox } from '../../keys/sealed-box.js';
import { hasEnded, ownIdentity } from './process-identity.js';

interface ProcessRow {
  readonly id: string;
  readonly machine: string;
  readonly pid: number;
  readonly pid_since: string;
  readonly seen_at: string;
  readonly key_id: string | null;
}

/** A running server, and the key that it encrypts with. */
export interface ServerWithKey {
  readonly pid: number;
  readonly keyId: string;
}

/** Time without a heartbeat after which a server counts as dead, if its process cannot be inspected. */
const UNSEEN_MS = 120_000;

const HEARTBEAT = `INSERT INTO processes (id, machine, pid, pid_since, seen_at, key_id) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at`;
const ALL = 'SELECT id, machine, pid, pid_since, seen_at, key_id FROM processes';
const DEREGISTER = 'DELETE FROM processes WHERE id = ?';

const DEREGISTER_ALL = 'DELETE FROM processes';

/** Tracks which servers on this database are running. */
@Injectable()
export class ProcessRepository {
  /** Id of this server. */
  readonly ownId = randomUUID();
  readonly #identity = ownIdentity();

  constructor(
    private readonly database: SqlDatabase,
    private readonly box: SealedBox,
  ) {}

  /** Records that this server is running. */
  async heartbeat(): Promise<void> {
    const { machine, pid, pidSince } = this.#identity;
    const values = [this.ownId, machine, pid, pidSince, new Date().toISOString(), this.box.keyId];
    await this.database.write([{ sql: HEARTBEAT, values }]);
  }

  async deregister(): Promise<void> {
    await this.database.write([{ sql: DEREGISTER, values: [this.ownId] }]);
  }

  /** Deletes all servers, for a copy of the database. */
  deregisterAllStatement(): SqlStatement {
    return { sql: DEREGISTER_ALL, values: [] };
  }

  /** Returns the other servers that are running. */
  async runningWithKeys(): Promise<readonly ServerWithKey[]> {
    const running = await this.running();
    const rows = this.database.read(ALL) as readonly ProcessRow[]; // the columns of ALL
    const others = rows.filter(({ id }) => id !== this.ownId && running.has(id));
    return others.map(({ pid, key_id: keyId }) => ({ pid, keyId: keyId ?? 'unknown' }));
  }

  /** Returns the ids of running servers, and deletes dead ones. Objects of all other servers are orphans. */
  async running(): Promise<ReadonlySet<string>> {
    const rows = this.database.read(ALL) as readonly ProcessRow[]; // the columns of ALL
    const dead = rows.filter((row) => row.id !== this.ownId && isDead(row));
    if (dead.length > 0) {
      await this.database.write(dead.map(({ id }) => ({ sql: DEREGISTER, values: [id] })));
    }
    const ids = new Set(rows.map(({ id }) => id)).add(this.ownId);
    for (const { id } of dead) ids.delete(id);
    return ids;
  }
}

function isDead({ machine, pid, pid_since: pidSince, seen_at: seenAt }: ProcessRow): boolean {
  return hasEnded({ machine, pid, pidSince }) ?? Date.now() - new Date(seenAt).getTime() > UNSEEN_MS;
}
