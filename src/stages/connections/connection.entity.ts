import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('connections')
export class ConnectionEntity {
  /** A new one each time a connection is created or replaced. */
  @PrimaryColumn('varchar')
  id!: string;

  @Column('varchar', { unique: true })
  name!: string;

  @Column('varchar', { name: 'storage_type' })
  storageType!: string;

  /** All options, encrypted: none of them is a plain column. */
  @Column('text', { name: 'sealed_options' })
  encryptedOptions!: string;

  @Column('varchar')
  creator!: string;

  /** ISO 8601 in UTC. */
  @Column('varchar', { name: 'created_on' })
  createdOn!: string;
}
