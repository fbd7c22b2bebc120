import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { KeyedDigest } from '../../keys/keyed-digest.js';
import { MASTER_KEYS, type MasterKeys } from '../../keys/master-keys.js';
import { CURSOR_LIFE_MS } from '../protocol/page-cursor.js';
import { closedQuery } from './query-outcome.js';
import { QueryError, unknownQuery } from '../query-error.js';
import { queryName, type QueryKey } from './query-key.js';
import { QueryRecordRepository, type QueryRecord } from './query-record.repository.js';

/** How many queries that ended with their first answer are remembered, and for how long, for later requests about them. */
const MAX_REMEMBERED_QUERIES = 10_000;
const REMEMBER_MS = 600_000;
const SWEEP_INTERVAL_MS = 60_000;

/** Keeps the queries and their states. */
@Injectable()
export class QueryRecords {
  readonly #answered = new LRUCache<string, true>({ max: MAX_REMEMBERED_QUERIES, ttl: REMEMBER_MS });
  #nextSweep = 0;

  /** A statement may hold a password, which a plain digest would let be guessed. */
  readonly #digests: KeyedDigest;

  constructor(
    private readonly repository: QueryRecordRepository,
    @Inject(MASTER_KEYS) keys: MasterKeys,
  ) {
    this.#digests = new KeyedDigest(keys, 'statement digest');
  }

  /** Remembers a query that ended with its first answer. Other replicas need not know it. */
  rememberAnswered(key: QueryKey): void {
    this.#answered.set(queryName(key), true);
  }

  /**
   * Records a query that continues after its first answer, or that must not run twice.
   *
   * @returns false if the same statement has begun under this id already.
   * @throws QueryError of kind `QueryIdTaken` if another statement has.
   */
  async begin(key: QueryKey, kind: QueryRecord['kind'], sql: string): Promise<boolean> {
    await this.#sweep();
    if (await this.repository.begin(key, { kind, statementDigest: this.#digests.of(sql) })) return true;
    const existing = await this.repository.find(key);
    if (existing === null || !this.#digests.hasKeyOf(existing.statementDigest)) return false; // by its id alone
    if (this.#digests.matches(sql, existing.statementDigest)) return false;
    throw new QueryError(
      'QueryIdTaken',
      `Query ID ${key.id} has run another statement already: send a new X-DATABEND-QUERY-ID with each statement.`,
    );
  }

  /** @returns undefined for a query that ended with its first answer. @throws QueryError of kind `UnknownQuery`. */
  async find(key: QueryKey): Promise<QueryRecord | undefined> {
    const record = await this.repository.find(key);
    if (record !== null) return record;
    if (this.#answered.has(queryName(key))) return undefined;
    throw unknownQuery(key.id);
  }

  /** Records that the client reads the next page. @throws QueryError if the query is unknown or closed. */
  async continue(key: QueryKey): Promise<void> {
    if (await this.repository.touch(key)) return;
    const record = await this.find(key);
    // The answer with the last page may have been lost, so that the client requests it again.
    if (record?.state === 'finished') return;
    throw closedQuery(key, record);
  }

  /** Records that the last page has been read. */
  async finish(key: QueryKey): Promise<void> {
    await this.repository.end(key, 'finished');
  }

  /** Ends a result before its last page. A change continues. @throws QueryError of kind `UnknownQuery`. */
  async finalize(key: QueryKey): Promise<void> {
    const record = await this.find(key);
    if (record?.kind === 'read') await this.repository.end(key, 'finalized');
  }

  /** Kills a running query. Does nothing to one that has ended. @throws QueryError of kind `UnknownQuery`. */
  async kill(key: QueryKey): Promise<void> {
    await this.find(key);
    await this.repository.end(key, 'killed');
  }

  async #sweep(): Promise<void> {
    const now = performance.now();
    if (now < this.#nextSweep) return;
    this.#nextSweep = now + SWEEP_INTERVAL_MS;
    await this.repository.deleteUntouchedSince(new Date(Date.now() - CURSOR_LIFE_MS));
  }
}
