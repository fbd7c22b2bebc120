import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { BYTES } from '../../database/byte-collation.js';

@Entity('api_tokens')
@Index('api_tokens_name', ['userId', 'name'], { unique: true })
export class ApiTokenEntity {
  @PrimaryColumn({ type: 'varchar', ...BYTES })
  id!: string;

  @Column({ type: 'varchar', ...BYTES, name: 'user_id' })
  userId!: string;

  @Column({ type: 'varchar', ...BYTES })
  name!: string;

  /** SHA-256 of the token, which is kept nowhere. */
  @Column({ type: 'varchar', ...BYTES, unique: true })
  digest!: string;

  /** JSON; null for a token that may do all that its user may. */
  @Column({ type: 'varchar', ...BYTES, nullable: true })
  scope!: string | null;

  /** ISO 8601 in UTC. */
  @Column({ type: 'varchar', ...BYTES, name: 'created_on' })
  createdOn!: string;

  /** ISO 8601 in UTC; null for a token that does not expire. */
  @Column({ type: 'varchar', ...BYTES, name: 'expires_on', nullable: true })
  expiresOn!: string | null;

  /** ISO 8601 in UTC, to the minute; null if it was never used. */
  @Column({ type: 'varchar', ...BYTES, name: 'last_used_on', nullable: true })
  lastUsedOn!: string | null;
}
