import { Injectable } from '@nestjs/common';
import { SqlDatabase } from '../../database/sql-database.js';
import { sql, type Sql, type SqlValue } from '../../database/sql.js';
import { summaryOf, SUMMARY_COLUMNS, type SummaryRow } from './upload-rows.js';
import type { UploadState, UploadSummary } from './upload-state.js';

/** Place of an upload in a list. */
export interface UploadPlace {
  /** ISO 8601 in UTC. */
  readonly startedAt: string;
  readonly id: string;
}

/** Filter of a list of uploads. */
export interface UploadSelection {
  /** Undefined for the uploads of all users. */
  readonly userId: string | undefined;
  readonly state: UploadState | undefined;
  readonly idempotencyKey: string | undefined;
  /** Older uploads than this one only. */
  readonly after: UploadPlace | undefined;
  readonly limit: number;
}

/** Lists uploads of all servers, the latest first. */
@Injectable()
export class UploadListRepository {
  readonly #texts = new Map<string, Sql<SummaryRow>>();

  constructor(private readonly database: SqlDatabase) {}

  async list({ userId, state, idempotencyKey, after, limit }: UploadSelection): Promise<UploadSummary[]> {
    const conditions: string[] = [];
    const values: SqlValue[] = [];
    const require = (condition: string, ...compared: SqlValue[]): void => {
      conditions.push(condition);
      values.push(...compared);
    };
    if (userId !== undefined) require('user_id = ?', userId);
    // In the text: the index of running uploads is one of them alone.
    if (state !== undefined) require(`state = '${state}'`);
    if (idempotencyKey !== undefined) require('idempotency_key = ?', idempotencyKey);
    if (after !== undefined) require('(started_at, id) < (?, ?)', after.startedAt, after.id);
    const rows = await this.database.read(this.#textFor(conditions), ...values, limit);
    return rows.map(summaryOf);
  }

  #textFor(conditions: readonly string[]): Sql<SummaryRow> {
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    const known = this.#texts.get(where);
    if (known !== undefined) return known;
    const text = sql<SummaryRow>(
      `SELECT ${SUMMARY_COLUMNS} FROM uploads ${where} ORDER BY started_at DESC, id DESC LIMIT ?`,
    );
    this.#texts.set(where, text);
    return text;
  }
}
