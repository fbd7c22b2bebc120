import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A session that was ended while its tokens could still be used. */
@Entity('ended_sessions')
export class EndedSessionEntity {
  @PrimaryColumn('varchar', { name: 'session_id' })
  sessionId!: string;

  /** When the last of its tokens expires: ISO 8601 in UTC. */
  @Column('varchar', { name: 'last_use' })
  lastUse!: string;
}
