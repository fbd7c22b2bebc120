import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('users')
export class UserEntity {
  @PrimaryColumn('varchar')
  name!: string;

  /** argon2id in PHC form; null for an empty password. */
  @Column('varchar', { name: 'password_hash', nullable: true })
  passwordHash!: string | null;

  /** Another one with each password: what was given out under the one before ends. It is no secret. */
  @Column('varchar', { default: '' })
  credential!: string;

  @Column('boolean', { name: 'is_admin' })
  isAdmin!: boolean;
}
