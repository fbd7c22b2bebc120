import { Injectable } from '@nestjs/common';
import type { Readiness } from '../common/readiness.js';
import { DatabaseError } from './database-error.js';
import { SqlDatabase } from './sql-database.js';

/** Who asks more often gets the last answer. */
const CACHE_MS = 1_000;
/** A balancer does not wait for as long as an upload. */
const WRITE_TIMEOUT_MS = 1_000;
/** Writes a number that is in every database and means nothing to SQLite. */
export const WRITE_PROBE = 'PRAGMA user_version = 1';

/** Can the database be written? Only a write tells a full disk, a read-only one and a lock that stays. */
@Injectable()
export class WriteProbe implements Readiness {
  #checkedAt = Number.NEGATIVE_INFINITY;
  #check: Promise<void> = Promise.resolve();

  constructor(private readonly database: SqlDatabase) {}

  /** @throws DatabaseError */
  async check(): Promise<void> {
    const now = performance.now();
    if (now - this.#checkedAt >= CACHE_MS) {
      this.#checkedAt = now;
      this.#check = this.#write();
      this.#check.catch(() => undefined); // who asked is told, now or later
    }
    await this.#check;
  }

  async #write(): Promise<void> {
    try {
      await this.database.write([{ sql: WRITE_PROBE, values: [] }], WRITE_TIMEOUT_MS);
    } catch (error) {
      if (!(error instanceof DatabaseError)) throw error;
      // Whatever the reason, a balancer is told the same: not now.
      throw new DatabaseError('Unavailable', error.message, { cause: error });
    }
  }
}
