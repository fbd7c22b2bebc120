import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('connections')
export class ConnectionEntity {
  /** Unique for each creation or replacement. */
  @PrimaryColumn('varchar')
  id!: string;

  @Column('varchar', { unique: true })
  name!: string;

  @Column('varchar', { name: 'storage_type' })
  storageType!: string;

  /** All options, encrypted. No option has a plain column. */
  @Column('text', { name: 'sealed_options' })
  encryptedOptions!: string;

  @Column('varchar')
  creator!: string;

  /** ISO 8601 in UTC. */
  @Column('varchar', { name: 'created_on' })
  createdOn!: string;
}
