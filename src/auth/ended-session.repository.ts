import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { LessThan, Repository } from 'typeorm';
import { EndedSessionEntity } from './ended-session.entity.js';

@Injectable()
export class EndedSessionRepository {
  constructor(
    @InjectRepository(EndedSessionEntity) private readonly sessions: Repository<EndedSessionEntity>,
  ) {}

  /** @param lastUse when no token of the session would be taken any more: it is forgotten then. */
  async add(sessionId: string, lastUse: Date): Promise<void> {
    await this.sessions.delete({ lastUse: LessThan(new Date().toISOString()) });
    await this.sessions.upsert({ sessionId, lastUse: lastUse.toISOString() }, ['sessionId']);
  }

  has(sessionId: string): Promise<boolean> {
    return this.sessions.existsBy({ sessionId });
  }
}
