import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SqlDatabase } from '../../database/sql-database.js';
import { sql, type SqlStatement } from '../../database/sql.js';
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

/** A server whose heartbeat has not changed for this long is dead, if its process cannot be inspected. */
const UNCHANGED_MS = 120_000;
/** A server whose heartbeat is older than this when first read is dead: no two clocks differ by so much. */
const OLD_MS = 600_000;

const HEARTBEAT =
  sql(`INSERT INTO processes (id, machine, pid, pid_since, seen_at, key_id) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET seen_at = excluded.seen_at`);
const ALL = sql<ProcessRow>('SELECT id, machine, pid, pid_since, seen_at, key_id FROM processes');
const DEREGISTER = sql('DELETE FROM processes WHERE id = ?');
const DEREGISTER_ALL = sql('DELETE FROM processes');

/** Tracks which servers on this database are running. */
@Injectable()
export class ProcessRepository {
  /** Id of this server. */
  readonly ownId = randomUUID();
  readonly #identity = ownIdentity();
  /** Heartbeats of others, and since when this server has seen them unchanged. */
  readonly #observed = new Map<string, { readonly seenAt: string; readonly since: number }>();

  constructor(
    private readonly database: SqlDatabase,
    private readonly box: SealedBox,
  ) {}

  /**
   * Records that this server is running. After a failure it observes all other servers anew: they could not write their
   * heartbeats either, and would all count as dead after an outage.
   *
   * @throws DatabaseError
   */
  async heartbeat(): Promise<void> {
    try {
      await this.#writeHeartbeat();
    } catch (error) {
      this.#observed.clear();
      throw error;
    }
  }

  async #writeHeartbeat(): Promise<void> {
    const { machine, pid, pidSince } = this.#identity;
    const seenAt = new Date().toISOString();
    await this.database.write([HEARTBEAT.with(this.ownId, machine, pid, pidSince, seenAt, this.box.keyId)]);
  }

  async deregister(): Promise<void> {
    await this.database.write([DEREGISTER.with(this.ownId)]);
  }

  /** Deletes all servers, for a copy of the database. */
  deregisterAllStatement(): SqlStatement {
    return DEREGISTER_ALL.with();
  }

  /** Returns the other servers that are running. */
  async runningWithKeys(): Promise<readonly ServerWithKey[]> {
    const running = await this.running();
    const rows = await this.database.read(ALL);
    const others = rows.filter(({ id }) => id !== this.ownId && running.has(id));
    return others.map(({ pid, key_id: keyId }) => ({ pid, keyId: keyId ?? 'unknown' }));
  }

  /** Returns the ids of running servers, and deletes dead ones. Objects of all other servers are orphans. */
  async running(): Promise<ReadonlySet<string>> {
    const rows = await this.database.read(ALL);
    const dead = rows.filter((row) => row.id !== this.ownId && this.#isDead(row));
    if (dead.length > 0) {
      await this.database.write(dead.map(({ id }) => DEREGISTER.with(id)));
    }
    const ids = new Set(rows.map(({ id }) => id)).add(this.ownId);
    for (const { id } of dead) {
      ids.delete(id);
      this.#observed.delete(id);
    }
    return ids;
  }

  #isDead({ machine, pid, pid_since: pidSince, ...row }: ProcessRow): boolean {
    return hasEnded({ machine, pid, pidSince }) ?? this.#hasStopped(row);
  }

  /** Compares no clocks: the heartbeats of another machine are only expected to change. */
  #hasStopped({ id, seen_at: seenAt }: Pick<ProcessRow, 'id' | 'seen_at'>): boolean {
    const now = performance.now();
    const observed = this.#observed.get(id);
    if (observed?.seenAt === seenAt) return now - observed.since > UNCHANGED_MS;
    this.#observed.set(id, { seenAt, since: now });
    return observed === undefined && Date.now() - new Date(seenAt).getTime() > OLD_MS;
  }
}
