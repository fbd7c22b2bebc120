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
  names: ['user_name', 'id'],
  rowOf: ({ user_name: userName = '', id = '' }) => ownerOf({ userName, id }),
};

export interface QueryRecord {
  readonly kind: QueryRecordEntity['kind'];
  readonly statementDigest: string;
  readonly state: QueryRecordEntity['state'];
  readonly failure: QueryFailure | undefined;
  readonly touchedAt: Date;
}

/** What replicas have to know of each other's queries. */
@Injectable()
export class QueryRecordRepository {
  constructor(
    @InjectRepository(QueryRecordEntity) private readonly records: Repository<QueryRecordEntity>,
    private readonly box: SealedBox,
  ) {}

  /** @returns false where there is a query of that id already: the database decides, so that one of two at once begins. */
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

  async find({ userName, id }: QueryKey): Promise<QueryRecord | null> {
    const entity = await this.records.findOneBy({ userName, id });
    if (entity === null) return null;
    const { kind, statementDigest, state, failure, touchedAt } = entity;
    return {
      kind,
      statementDigest,
      state,
      failure:
        failure === null ? undefined : (this.box.decrypt(ownerOf({ userName, id }), failure) as QueryFailure), // as `end` encrypted it
      touchedAt: new Date(touchedAt),
    };
  }

  /** Somebody works on it. @returns false where it does not run any more. */
  async touch({ userName, id }: QueryKey): Promise<boolean> {
    const touchedAt = new Date().toISOString();
    const { affected } = await this.records.update({ userName, id, state: 'running' }, { touchedAt });
    return affected === 1;
  }

  /** Only a query that runs can end. */
  async end(
    { userName, id }: QueryKey,
    state: Exclude<QueryRecord['state'], 'running'>,
    failure?: QueryFailure,
  ): Promise<void> {
    await this.records.update(
      { userName, id, state: 'running' },
      {
        state,
        failure: failure === undefined ? null : this.box.encrypt(ownerOf({ userName, id }), failure),
        touchedAt: new Date().toISOString(),
      },
    );
  }

  async forgetUntouchedSince(time: Date): Promise<void> {
    await this.records.delete({ touchedAt: LessThan(time.toISOString()) });
  }
}

/** The row name of an encrypted failure. */
function ownerOf(key: QueryKey): string {
  return `query ${queryName(key)}`;
}
