import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('stages')
export class StageEntity {
  /** Unique for each creation: a dropped stage and its successor of the same name have different ids. */
  @PrimaryColumn('varchar')
  id!: string;

  @Column('varchar', { unique: true })
  name!: string;

  @Column('varchar')
  kind!: 'internal' | 'external';

  /** The whole connection of an external stage, encrypted. No option has a plain column. */
  @Column('text', { name: 'sealed_connection', nullable: true })
  encryptedConnection!: string | null;

  /** JSON. */
  @Column('text', { name: 'file_format' })
  fileFormat!: string;

  @Column('text')
  comment!: string;

  @Column('varchar')
  creator!: string;

  /** ISO 8601 in UTC. */
  @Column('varchar', { name: 'created_on' })
  createdOn!: string;
}
