import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A query that outlives its first answer, or that must not run twice. */
@Entity('queries')
export class QueryRecordEntity {
  @PrimaryColumn('varchar', { name: 'user_name' })
  userName!: string;

  /** As the client gave it: two users' ids have nothing to do with each other. */
  @PrimaryColumn('varchar')
  id!: string;

  /** A `change` runs to its end whoever waits for it; a `read` goes from page to page. */
  @Column('varchar')
  kind!: 'change' | 'read';

  /** SHA-256 of the statement, which may itself hold a secret. */
  @Column('varchar', { name: 'statement_digest' })
  statementDigest!: string;

  @Column('varchar')
  state!: 'running' | 'finished' | 'finalized' | 'killed';

  /** An encrypted `QueryFailure`, which repeats parts of the statement. Null while the query runs and after a success. */
  @Column('text', { nullable: true })
  failure!: string | null;

  /** When somebody last worked on it: ISO 8601 in UTC. */
  @Index('queries_touched_at')
  @Column('varchar', { name: 'touched_at' })
  touchedAt!: string;
}
