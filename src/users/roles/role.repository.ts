import { Injectable } from '@nestjs/common';
import { SqlDatabase } from '../../database/sql-database.js';
import { sql, type SqlStatement } from '../../database/sql.js';
import { AccessVersion } from '../version/access-version.js';
import { VersionedCache } from '../version/versioned-cache.js';
import { RoleGraph, type GranteeKind, type Role } from './role-graph.js';

interface RoleRow {
  readonly id: string;
  readonly name: string;
  readonly comment: string;
  readonly created_on: string;
  readonly updated_on: string;
}

/** A role that was granted to a user or to another role. */
export interface Membership {
  readonly roleId: string;
  readonly memberKind: GranteeKind;
  readonly memberId: string;
}

interface MemberRow {
  readonly role_id: string;
  readonly member_kind: GranteeKind;
  readonly member_id: string;
}

const ROLES = sql<RoleRow>('SELECT id, name, comment, created_on, updated_on FROM roles ORDER BY name');
const CONTAINED = sql<MemberRow>(
  "SELECT role_id, member_kind, member_id FROM role_members WHERE member_kind = 'role'",
);
const OF_MEMBER = sql<readonly [string]>(
  'SELECT role_id FROM role_members WHERE member_kind = ? AND member_id = ?',
);
const MEMBERS = sql<MemberRow>(
  'SELECT role_id, member_kind, member_id FROM role_members WHERE role_id = ? ORDER BY member_kind, member_id',
);
const ALL = sql<MemberRow>('SELECT role_id, member_kind, member_id FROM role_members');
const INSERT = sql(
  'INSERT INTO roles (id, name, comment, created_on, updated_on) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
);
const UPDATE = sql('UPDATE roles SET comment = ?, updated_on = ? WHERE id = ?');
const DELETE = sql('DELETE FROM roles WHERE id = ?');
const ADD_MEMBER = sql(
  'INSERT INTO role_members (role_id, member_kind, member_id) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
);
const REMOVE_MEMBER = sql('DELETE FROM role_members WHERE role_id = ? AND member_kind = ? AND member_id = ?');
const REMOVE_MEMBERS = sql('DELETE FROM role_members WHERE role_id = ?');
const REMOVE_MEMBERSHIPS = sql('DELETE FROM role_members WHERE member_kind = ? AND member_id = ?');

/** Stores roles, and to whom they are granted. */
@Injectable()
export class RoleRepository {
  readonly #graph = new VersionedCache<RoleGraph>(1);

  constructor(
    private readonly database: SqlDatabase,
    private readonly versions: AccessVersion,
  ) {}

  /** All roles as they are now. */
  async graph(version?: string): Promise<RoleGraph> {
    const now = version ?? (await this.versions.current());
    return this.#graph.get(now, '', () => this.#readGraph());
  }

  /** The ids of the roles that are granted to a user or role directly. */
  async grantedTo(kind: GranteeKind, id: string): Promise<readonly string[]> {
    return (await this.database.readRows(OF_MEMBER, kind, id)).map(([roleId]) => roleId);
  }

  /** Roles that were granted, to all users and roles. */
  async memberships(): Promise<readonly Membership[]> {
    return (await this.database.read(ALL)).map(membershipOf);
  }

  /** Whom a role is granted to directly. */
  async membersOf(roleId: string): Promise<readonly Membership[]> {
    return (await this.database.read(MEMBERS, roleId)).map(membershipOf);
  }

  insertion({ id, name, comment, createdOn, updatedOn }: Role): SqlStatement {
    return INSERT.with(id, name, comment, createdOn.toISOString(), updatedOn.toISOString());
  }

  update({ id, comment, updatedOn }: Role): SqlStatement {
    return UPDATE.with(comment, updatedOn.toISOString(), id);
  }

  /** Deletes a role, and every grant of it to somebody. */
  deletion(id: string): readonly SqlStatement[] {
    return [DELETE.with(id), REMOVE_MEMBERS.with(id)];
  }

  addition(roleId: string, kind: GranteeKind, id: string): SqlStatement {
    return ADD_MEMBER.with(roleId, kind, id);
  }

  revocation(roleId: string, kind: GranteeKind, id: string): SqlStatement {
    return REMOVE_MEMBER.with(roleId, kind, id);
  }

  async #readGraph(): Promise<RoleGraph> {
    const [rows, members] = await Promise.all([this.database.read(ROLES), this.database.read(CONTAINED)]);
    const roles = rows.map(({ id, name, comment, created_on: createdOn, updated_on: updatedOn }) => ({
      id,
      name,
      comment,
      createdOn: new Date(createdOn),
      updatedOn: new Date(updatedOn),
    }));
    return new RoleGraph(
      roles,
      members.map(({ role_id: roleId, member_id: memberId }) => ({ roleId, memberId })),
    );
  }
}

/** Takes all roles from a user or role. */
export function endOfMemberships(kind: GranteeKind, id: string): SqlStatement {
  return REMOVE_MEMBERSHIPS.with(kind, id);
}

function membershipOf(row: MemberRow): Membership {
  return { roleId: row.role_id, memberKind: row.member_kind, memberId: row.member_id };
}
