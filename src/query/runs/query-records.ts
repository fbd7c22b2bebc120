import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { CURSOR_LIFE_MS } from '../protocol/page-cursor.js';
import { closedQuery } from './query-outcome.js';
import { QueryError, unknownQuery } from '../query-error.js';
import { queryName, type QueryKey } from './query-key.js';
import { QueryRecordRepository, type QueryRecord } from './query-record.repository.js';

/** Queries that were over with their first answer are remembered for who asks about them, and no longer than this. */
const REMEMBERED_ANSWERS = 10_000;
const REMEMBERED_MS = 600_000;
const SWEEP_EVERY_MS = 60_000;

/** Which queries there are, and what became of them. */
@Injectable()
export class QueryRecords {
  readonly #answered = new LRUCache<string, true>({ max: REMEMBERED_ANSWERS, ttl: REMEMBERED_MS });
  #nextSweep = 0;

  constructor(private readonly repository: QueryRecordRepository) {}

  /** A query that was over with its first answer, and is nothing to any other replica. */
  answered(key: QueryKey): void {
    this.#answered.set(queryName(key), true);
  }

  /**
   * Records a query that goes on after its first answer, or that must not run twice.
   *
   * @returns false where the same statement has begun under this id already.
   * @throws QueryError of kind `QueryIdTaken` where it was another statement.
   */
  async begin(key: QueryKey, kind: QueryRecord['kind'], sql: string): Promise<boolean> {
    await this.#sweep();
    const digest = createHash('sha256').update(sql).digest('hex');
    if (await this.repository.begin(key, { kind, statementDigest: digest })) return true;
    const existing = await this.repository.find(key);
    if (existing === null || existing.statementDigest === digest) return false;
    throw new QueryError(
      'QueryIdTaken',
      `Query ID ${key.id} has run another statement already: send a new X-DATABEND-QUERY-ID with each statement.`,
    );
  }

  /** @returns undefined for a query that was over with its first answer. @throws QueryError of kind `UnknownQuery`. */
  async find(key: QueryKey): Promise<QueryRecord | undefined> {
    const record = await this.repository.find(key);
    if (record !== null) return record;
    if (this.#answered.has(queryName(key))) return undefined;
    throw unknownQuery(key.id);
  }

  /** Somebody reads on. @throws QueryError where it is not there, or was closed. */
  async continue(key: QueryKey): Promise<void> {
    if (await this.repository.touch(key)) return;
    const record = await this.find(key);
    // The last page may have been lost on its way, and be asked for again.
    if (record?.state === 'finished') return;
    throw closedQuery(key, record);
  }

  /** The last page was given. */
  async finish(key: QueryKey): Promise<void> {
    await this.repository.end(key, 'finished');
  }

  /** Nobody wants what is still to come of a result. A change goes on. @throws QueryError of kind `UnknownQuery`. */
  async finalize(key: QueryKey): Promise<void> {
    const record = await this.find(key);
    if (record?.kind === 'read') await this.repository.end(key, 'finalized');
  }

  /** Ends a query that runs; one that has ended stays as it is. @throws QueryError of kind `UnknownQuery`. */
  async kill(key: QueryKey): Promise<void> {
    await this.find(key);
    await this.repository.end(key, 'killed');
  }

  async #sweep(): Promise<void> {
    const now = performance.now();
    if (now < this.#nextSweep) return;
    this.#nextSweep = now + SWEEP_EVERY_MS;
    await this.repository.forgetUntouchedSince(new Date(Date.now() - CURSOR_LIFE_MS));
  }
}
