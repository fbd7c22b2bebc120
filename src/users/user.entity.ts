import { Column, Entity, PrimaryColumn } from 'typeorm';
import { BYTES } from '../database/byte-collation.js';

@Entity('users')
export class UserEntity {
  @PrimaryColumn({ type: 'varchar', ...BYTES })
  name!: string;

  /** argon2id in PHC form; null for an empty password. */
  @Column({ type: 'varchar', ...BYTES, name: 'password_hash', nullable: true })
  passwordHash!: string | null;

  /** Changes with each password. Tokens and URLs issued under an earlier one become invalid. Not a secret. */
  @Column({ type: 'varchar', ...BYTES, default: '' })
  credential!: string;

  @Column('boolean', { name: 'is_admin' })
  isAdmin!: boolean;
}
