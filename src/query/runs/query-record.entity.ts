import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { BYTES } from '../../database/byte-collation.js';

/** A query that continues after its first answer, or that must not run twice. */
@Entity('queries')
export class QueryRecordEntity {
  @PrimaryColumn({ type: 'varchar', ...BYTES, name: 'user_id' })
  userId!: string;

  /** The client's own id. Ids of different users are independent. */
  @PrimaryColumn({ type: 'varchar', ...BYTES })
  id!: string;

  /** A `change` runs to its end even without a client; a `read` continues page by page. */
  @Column({ type: 'varchar', ...BYTES })
  kind!: 'change' | 'read';

  /** A `KeyedDigest` of the statement, which may hold a secret. */
  @Column({ type: 'varchar', ...BYTES, name: 'statement_digest' })
  statementDigest!: string;

  @Column({ type: 'varchar', ...BYTES })
  state!: 'running' | 'finished' | 'finalized' | 'killed';

  /** A `QueryFailure`, encrypted: it quotes parts of the statement. Null if the query succeeded or still runs. */
  @Column({ type: 'text', ...BYTES, nullable: true })
  failure!: string | null;

  /** Time of the last page or heartbeat: ISO 8601 in UTC. */
  @Index('queries_touched_at')
  @Column({ type: 'varchar', ...BYTES, name: 'touched_at' })
  touchedAt!: string;
}
