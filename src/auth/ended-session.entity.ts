import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A session that was revoked before its tokens expired. */
@Entity('ended_sessions')
export class EndedSessionEntity {
  @PrimaryColumn('varchar', { name: 'session_id' })
  sessionId!: string;

  /** Expiry of its last token: ISO 8601 in UTC. */
  @Column('varchar', { name: 'last_use' })
  lastUse!: string;
}
