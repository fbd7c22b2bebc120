import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { BYTES } from '../../database/byte-collation.js';

@Entity('roles')
export class RoleEntity {
  /** Unique for each creation; the name, for the built-in roles. */
  @PrimaryColumn({ type: 'varchar', ...BYTES })
  id!: string;

  @Column({ type: 'varchar', ...BYTES, unique: true })
  name!: string;

  @Column({ type: 'varchar', ...BYTES })
  comment!: string;

  /** ISO 8601 in UTC. */
  @Column({ type: 'varchar', ...BYTES, name: 'created_on' })
  createdOn!: string;

  /** ISO 8601 in UTC. */
  @Column({ type: 'varchar', ...BYTES, name: 'updated_on' })
  updatedOn!: string;
}

/** A user or a role that has all that is granted to a role. */
@Entity('role_members')
@Index('role_members_member', ['memberKind', 'memberId'])
export class RoleMemberEntity {
  @PrimaryColumn({ type: 'varchar', ...BYTES, name: 'role_id' })
  roleId!: string;

  @PrimaryColumn({ type: 'varchar', ...BYTES, name: 'member_kind' })
  memberKind!: 'user' | 'role';

  @PrimaryColumn({ type: 'varchar', ...BYTES, name: 'member_id' })
  memberId!: string;
}
