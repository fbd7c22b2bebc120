import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { BYTES } from '../../database/byte-collation.js';

@Entity('users')
export class UserEntity {
  @PrimaryColumn({ type: 'varchar', ...BYTES })
  name!: string;

  /** Unique for each creation: a dropped user and a successor of the same name have different ids. */
  @Index('users_id', { unique: true })
  @Column({ type: 'varchar', ...BYTES, default: '' })
  id!: string;

  /** argon2id in PHC form; null for an empty password. */
  @Column({ type: 'varchar', ...BYTES, name: 'password_hash', nullable: true })
  passwordHash!: string | null;

  /** Databend's word for the kind of authentication, which clients show. The password is stored in one form, whatever the word. */
  @Column({ type: 'varchar', ...BYTES, name: 'auth_type', default: 'double_sha1_password' })
  authType!: string;

  /** Changes with each password. Tokens and URLs issued under an earlier one become invalid. Not a secret. */
  @Column({ type: 'varchar', ...BYTES, default: '' })
  credential!: string;

  /** The name of a role; empty for none. */
  @Column({ type: 'varchar', ...BYTES, name: 'default_role', default: '' })
  defaultRole!: string;

  @Column({ type: 'varchar', ...BYTES, name: 'default_warehouse', default: '' })
  defaultWarehouse!: string;

  @Column('boolean', { name: 'is_disabled', default: false })
  isDisabled!: boolean;

  @Column('boolean', { name: 'must_change_password', default: false })
  mustChangePassword!: boolean;

  /** ISO 8601 in UTC. */
  @Column({ type: 'varchar', ...BYTES, name: 'created_on', default: '' })
  createdOn!: string;

  /** ISO 8601 in UTC. */
  @Column({ type: 'varchar', ...BYTES, name: 'updated_on', default: '' })
  updatedOn!: string;

  /** The most bytes that the user's own stage may hold. */
  @Column('bigint', { name: 'quota_bytes', nullable: true })
  quotaBytes!: number | null;

  @Column('bigint', { name: 'quota_files', nullable: true })
  quotaFiles!: number | null;
}
