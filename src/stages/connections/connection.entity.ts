import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BYTES } from '../../database/byte-collation.js';

@Entity('connections')
export class ConnectionEntity {
  /** Unique for each creation or replacement. */
  @PrimaryColumn({ type: 'varchar', ...BYTES })
  id!: string;

  @Column({ type: 'varchar', ...BYTES, unique: true })
  name!: string;

  @Column({ type: 'varchar', ...BYTES, name: 'storage_type' })
  storageType!: string;

  /** All options, encrypted. No option has a plain column. */
  @Column({ type: 'text', ...BYTES, name: 'sealed_options' })
  encryptedOptions!: string;

  @Column({ type: 'varchar', ...BYTES })
  creator!: string;

  /** ISO 8601 in UTC. */
  @Column({ type: 'varchar', ...BYTES, name: 'created_on' })
  createdOn!: string;

  /** The id of the role that owns the connection. */
  @Column({ type: 'varchar', ...BYTES, name: 'owner_role', default: 'account_admin' })
  ownerRole!: string;
}
