import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BYTES } from '../database/byte-collation.js';

/** A session that was revoked before its tokens expired. */
@Entity('ended_sessions')
export class EndedSessionEntity {
  @PrimaryColumn({ type: 'varchar', ...BYTES, name: 'session_id' })
  sessionId!: string;

  /** Expiry of its last token: ISO 8601 in UTC. */
  @Column({ type: 'varchar', ...BYTES, name: 'last_use' })
  lastUse!: string;
}
