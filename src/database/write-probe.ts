import { Injectable } from '@nestjs/common';
import { SqlDatabase } from './sql-database.js';

/** How long a result is reused. */
const CACHE_MS = 1_000;
/** A load balancer does not wait for as long as an upload. With this, `/ready` answers within a second. */
const WRITE_TIMEOUT_MS = 700;

/** Can the database be written? Only a write detects a full disk, a read-only disk and a lasting lock. */
@Injectable()
export class WriteProbe {
  #checkedAt = Number.NEGATIVE_INFINITY;
  #check: Promise<void> = Promise.resolve();

  constructor(private readonly database: SqlDatabase) {}

  /** @throws DatabaseError */
  async check(): Promise<void> {
    const now = performance.now();
    if (now - this.#checkedAt >= CACHE_MS) {
      this.#checkedAt = now;
      this.#check = this.database.probe(WRITE_TIMEOUT_MS);
      this.#check.catch(() => undefined); // each caller of `check` gets the rejection
    }
    await this.#check;
  }
}
