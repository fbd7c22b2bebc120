import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { BYTES } from '../../database/byte-collation.js';

@Entity('stages')
export class StageEntity {
  /** Unique for each creation: a dropped stage and its successor of the same name have different ids. */
  @PrimaryColumn({ type: 'varchar', ...BYTES })
  id!: string;

  @Column({ type: 'varchar', ...BYTES, unique: true })
  name!: string;

  @Column({ type: 'varchar', ...BYTES })
  kind!: 'internal' | 'external';

  /** The connection of an external stage, encrypted; without options if it refers to a named one. No option has a plain column. */
  @Column({ type: 'text', ...BYTES, name: 'sealed_connection', nullable: true })
  encryptedConnection!: string | null;

  /** The id of the named connection that an external stage refers to. */
  @Index('stages_connection_ref')
  @Column({ type: 'varchar', ...BYTES, name: 'connection_ref', nullable: true })
  connectionRef!: string | null;

  /** JSON. */
  @Column({ type: 'text', ...BYTES, name: 'file_format' })
  fileFormat!: string;

  @Column({ type: 'text', ...BYTES })
  comment!: string;

  @Column({ type: 'varchar', ...BYTES })
  creator!: string;

  /** ISO 8601 in UTC. */
  @Column({ type: 'varchar', ...BYTES, name: 'created_on' })
  createdOn!: string;

  /** The id of the role that owns the stage. */
  @Column({ type: 'varchar', ...BYTES, name: 'owner_role', default: 'account_admin' })
  ownerRole!: string;

  /** The most bytes that an internal stage may hold. TypeORM may read a text. */
  @Column('bigint', { name: 'quota_bytes', nullable: true })
  quotaBytes!: number | string | null;

  @Column('bigint', { name: 'quota_files', nullable: true })
  quotaFiles!: number | string | null;
}
