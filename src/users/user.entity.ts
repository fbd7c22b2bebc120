import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('users')
export class UserEntity {
  @PrimaryColumn('varchar')
  name!: string;

  /** argon2id in PHC form; null for an empty password. */
  @Column('varchar', { name: 'password_hash', nullable: true })
  passwordHash!: string | null;

  /** Changes with each password. Tokens and URLs issued under an earlier one become invalid. Not a secret. */
  @Column('varchar', { default: '' })
  credential!: string;

  @Column('boolean', { name: 'is_admin' })
  isAdmin!: boolean;
}
