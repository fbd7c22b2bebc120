import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, QueryFailedError, Repository } from 'typeorm';
import type { QueryFailure } from './query-answer.js';
import { QueryRecordEntity } from './query-record.entity.js';

/** Whose query it is, and its id. */
export interface QueryKey {
  readonly userName: string;
  readonly id: string;
}

export interface QueryRecord {
  readonly statementDigest: string;
  readonly state: QueryRecordEntity['state'];
  readonly failure: QueryFailure | undefined;
  readonly touchedAt: Date;
}

/** What replicas have to know of each other's queries. */
@Injectable()
export class QueryRecordRepository {
  constructor(@InjectRepository(QueryRecordEntity) private readonly records: Repository<QueryRecordEntity>) {}

  /** @returns false where there is a query of that id already: the database decides, so that one of two at once begins. */
  async begin({ userName, id }: QueryKey, statementDigest: string): Promise<boolean> {
    try {
      const touchedAt = new Date().toISOString();
      await this.records.insert({
        userName,
        id,
        statementDigest,
        state: 'running',
        failure: null,
        touchedAt,
      });
      return true;
    } catch (error) {
      if (error instanceof QueryFailedError && /UNIQUE/i.test(error.message)) return false;
      throw error;
    }
  }

  async find({ userName, id }: QueryKey): Promise<QueryRecord | null> {
    const entity = await this.records.findOneBy({ userName, id });
    if (entity === null) return null;
    const { statementDigest, state, failure, touchedAt } = entity;
    return {
      statementDigest,
      state,
      failure: failure === null ? undefined : (JSON.parse(failure) as QueryFailure), // as finish wrote it
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
        failure: failure === undefined ? null : JSON.stringify(failure),
        touchedAt: new Date().toISOString(),
      },
    );
  }

  async forgetUntouchedSince(time: Date): Promise<void> {
    await this.records.delete({ touchedAt: LessThan(time.toISOString()) });
  }
}
