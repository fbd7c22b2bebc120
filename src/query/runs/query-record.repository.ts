import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, Repository } from 'typeorm';
import { isUniqueViolation } from '../../common/unique-violation.js';
import { SealedBox } from '../../keys/sealed-box.js';
import type { EncryptedColumn } from '../../keys/encrypted-column.js';
import type { QueryFailure } from '../protocol/query-answer.js';
import { queryName, type QueryKey } from './query-key.js';
import { QueryRecordEntity } from './query-record.entity.js';

export const QUERY_FAILURES: EncryptedColumn = {
  label: 'failures of statements',
  table: 'queries',
  column: 'failure',
  names: ['user_id', 'id'],
  rowOf: ({ user_id: userId = '', id = '' }) => ownerOf({ userId, id }),
};

export interface QueryRecord {
  readonly kind: QueryRecordEntity['kind'];
  readonly statementDigest: string;
  readonly state: QueryRecordEntity['state'];
  readonly failure: QueryFailure | undefined;
  readonly touchedAt: Date;
}

/** Stores queries for all replicas. */
@Injectable()
export class QueryRecordRepository {
  constructor(
    @InjectRepository(QueryRecordEntity) private readonly records: Repository<QueryRecordEntity>,
    private readonly box: SealedBox,
  ) {}

  /** @returns false if a query of that id exists. The database decides, so that only one of two concurrent requests begins. */
  async begin(key: QueryKey, query: Pick<QueryRecord, 'kind' | 'statementDigest'>): Promise<boolean> {
    try {
      const touchedAt = new Date().toISOString();
      await this.records.insert({ ...key, ...query, state: 'running', failure: null, touchedAt });
      return true;
    } catch (error) {
      if (isUniqueViolation(error)) return false;
      throw error;
    }
  }

  async find({ userId, id }: QueryKey): Promise<QueryRecord | null> {
    const entity = await this.records.findOneBy({ userId, id });
    if (entity === null) return null;
    const { kind, statementDigest, state, failure, touchedAt } = entity;
    return {
      kind,
      statementDigest,
      state,
      failure:
        failure === null ? undefined : (this.box.decrypt(ownerOf({ userId, id }), failure) as QueryFailure), // as `end` encrypted it
      touchedAt: new Date(touchedAt),
    };
  }

  /** Records that the query is in use. @returns false if it does not run any more. */
  async touch({ userId, id }: QueryKey): Promise<boolean> {
    const touchedAt = new Date().toISOString();
    const { affected } = await this.records.update({ userId, id, state: 'running' }, { touchedAt });
    return affected === 1;
  }

  /** Ends a running query. Does nothing to one that has ended. */
  async end(
    { userId, id }: QueryKey,
    state: Exclude<QueryRecord['state'], 'running'>,
    failure?: QueryFailure,
  ): Promise<void> {
    await this.records.update(
      { userId, id, state: 'running' },
      {
        state,
        failure: failure === undefined ? null : this.box.encrypt(ownerOf({ userId, id }), failure),
        touchedAt: new Date().toISOString(),
      },
    );
  }

  async deleteUntouchedSince(time: Date): Promise<void> {
    await this.records.delete({ touchedAt: LessThan(time.toISOString()) });
  }
}

/** Returns the owner that an encrypted failure is bound to. */
function ownerOf(key: QueryKey): string {
  return `query ${queryName(key)}`;
}
