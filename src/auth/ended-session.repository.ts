import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, Repository } from 'typeorm';
import { SqlDatabase } from '../database/sql-database.js';
import { sql } from '../database/sql.js';
import { EndedSessionEntity } from './ended-session.entity.js';

const BY_ID = sql<readonly [1]>('SELECT 1 FROM ended_sessions WHERE session_id = ?');

@Injectable()
export class EndedSessionRepository {
  constructor(
    @InjectRepository(EndedSessionEntity) private readonly sessions: Repository<EndedSessionEntity>,
    private readonly database: SqlDatabase,
  ) {}

  /** @param lastUse time after which all tokens of the session are expired and the record can be deleted. */
  async add(sessionId: string, lastUse: Date): Promise<void> {
    await this.sessions.delete({ lastUse: LessThan(new Date().toISOString()) });
    await this.sessions.upsert({ sessionId, lastUse: lastUse.toISOString() }, ['sessionId']);
  }

  async has(sessionId: string): Promise<boolean> {
    return (await this.database.readRows(BY_ID, sessionId)).length > 0;
  }
}
