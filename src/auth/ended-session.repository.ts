import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, Repository } from 'typeorm';
import { EndedSessionEntity } from './ended-session.entity.js';

@Injectable()
export class EndedSessionRepository {
  constructor(
    @InjectRepository(EndedSessionEntity) private readonly sessions: Repository<EndedSessionEntity>,
  ) {}

  /** @param lastUse time after which all tokens of the session are expired and the record can be deleted. */
  async add(sessionId: string, lastUse: Date): Promise<void> {
    await this.sessions.delete({ lastUse: LessThan(new Date().toISOString()) });
    await this.sessions.upsert({ sessionId, lastUse: lastUse.toISOString() }, ['sessionId']);
  }

  has(sessionId: string): Promise<boolean> {
    return this.sessions.existsBy({ sessionId });
  }
}
