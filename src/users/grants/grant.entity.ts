import { Entity, Index, PrimaryColumn } from 'typeorm';
import { BYTES } from '../../database/byte-collation.js';

/** A privilege on an object, which a user or a role has. */
@Entity('grants')
@Index('grants_grantee', ['granteeKind', 'granteeId'])
export class GrantEntity {
  @PrimaryColumn({ type: 'varchar', ...BYTES, name: 'object_kind' })
  objectKind!: 'service' | 'stage' | 'connection';

  /** Empty for the service. */
  @PrimaryColumn({ type: 'varchar', ...BYTES, name: 'object_id' })
  objectId!: string;

  /** Databend's word. */
  @PrimaryColumn({ type: 'varchar', ...BYTES })
  privilege!: string;

  @PrimaryColumn({ type: 'varchar', ...BYTES, name: 'grantee_kind' })
  granteeKind!: 'user' | 'role';

  @PrimaryColumn({ type: 'varchar', ...BYTES, name: 'grantee_id' })
  granteeId!: string;
}
