import { Injectable } from '@nestjs/common';
import { requirePrivilege } from '../access/access.js';
import type { Principal } from '../access/principal.js';
import type { Objects } from '../access/privileges.js';
import { ACCOUNT_ADMIN, grantKey } from '../access/rights.js';
import type { SqlStatement } from '../database/sql.js';
import type { User } from '../users/accounts/user.js';
import { UserRepository } from '../users/accounts/user.repository.js';
import { compareByteOrder } from '../common/byte-order.js';
import { endOfGrantsTo, GrantRepository } from '../users/grants/grant.repository.js';
import { RoleGraph, type GranteeKind, type Role } from '../users/roles/role-graph.js';
import { endOfMemberships, RoleRepository, type Membership } from '../users/roles/role.repository.js';
import { endOfTokens } from '../users/tokens/api-token.repository.js';
import { UserError } from '../users/user-error.js';
import { AccessVersion, type Change } from '../users/version/access-version.js';

/** A user, with the roles that were granted. */
export interface Person {
  readonly user: User;
  /** Names of the roles granted directly, ordered. */
  readonly roles: readonly string[];
  /** Does one of them make the user an administrator? */
  readonly administers: boolean;
}

/** All users and roles as of one version, for a change that depends on them. */
export interface PeopleNow {
  readonly version: string;
  readonly graph: RoleGraph;
  /** Roles that were granted, and to whom. */
  readonly memberships: readonly Membership[];
}

/** Reads users with their roles, and changes them. */
@Injectable()
export class People {
  constructor(
    readonly users: UserRepository,
    readonly roles: RoleRepository,
    private readonly versions: AccessVersion,
    private readonly grants: GrantRepository,
  ) {}

  async find(name: string, version?: string): Promise<Person | null> {
    const user = await this.users.find(name, version);
    if (user === null) return null;
    const graph = await this.roles.graph(version);
    return personOf(user, graph, await this.roles.grantedTo('user', user.id));
  }

  async findById(id: string): Promise<Person | null> {
    const user = await this.users.findById(id);
    if (user === null) return null;
    return personOf(user, await this.roles.graph(), await this.roles.grantedTo('user', id));
  }

  /** Yields all users, ordered by name. */
  async *list(after = ''): AsyncGenerator<readonly Person[]> {
    const graph = await this.roles.graph();
    const granted = rolesOfUsers(await this.roles.memberships());
    for await (const users of this.users.list(after)) {
      yield users.map((user) => personOf(user, graph, granted.get(user.id) ?? []));
    }
  }

  /** Commits a change all or nothing, unless somebody else changed something since `plan` has looked: then it looks again. */
  async change<Result>(plan: (now: PeopleNow) => Promise<Change<Result>> | Change<Result>): Promise<Result> {
    return this.versions.change(async (version) => plan(await this.now(version)));
  }

  async now(version?: string): Promise<PeopleNow> {
    const seen = version ?? (await this.versions.current());
    const [graph, memberships] = await Promise.all([this.roles.graph(seen), this.roles.memberships()]);
    return { version: seen, graph, memberships };
  }

  /** Gives a user roles, by their names. @throws UserError of kind `UnknownRole`; AccessError if the principal may not grant one. */
  async rolesFor(
    userId: string,
    names: readonly string[],
    now: PeopleNow,
    principal: Principal,
  ): Promise<readonly SqlStatement[]> {
    const roles = names.map((name) => roleNamed(now.graph, name));
    for (const role of roles) await this.assertMayGive(role, now, principal);
    return roles.map(({ id }) => this.roles.addition(id, 'user', userId));
  }

  /**
   * Asserts that the principal may give a role to somebody. With the role come its privileges on the service, and each of them may be
   * given only by those who have it.
   *
   * @throws AccessError
   */
  async assertMayGive(role: Role, { graph, version }: PeopleNow, principal: Principal): Promise<void> {
    requirePrivilege(principal, 'Grant', roleObject(graph, role));
    for (const id of graph.grantedClosure([role.id])) {
      const given = await this.grants.setOf({ kind: 'role', id }, version);
      for (const word of given.get(grantKey('service', '')) ?? [])
        requirePrivilege(principal, 'Grant', { kind: 'right', word });
    }
  }

  /**
   * Asserts that there is still an administrator who can sign in, after a change that takes some memberships away, or a user.
   *
   * @throws UserError of kind `LastAdministrator`.
   */
  async assertAdministratorLeft(
    { graph, memberships }: PeopleNow,
    isTaken: (membership: Membership) => boolean,
    withoutUser?: string,
  ): Promise<void> {
    const left = memberships.filter((membership) => !isTaken(membership));
    const contained = left.filter(({ memberKind }) => memberKind === 'role');
    const after = new RoleGraph(graph.roles, contained);
    const enabled = new Set(await this.users.enabledIds());
    const isAdministrator = ({ memberKind, memberId, roleId }: Membership): boolean =>
      memberKind === 'user' &&
      memberId !== withoutUser &&
      enabled.has(memberId) &&
      after.grantedClosure([roleId]).has(ACCOUNT_ADMIN);
    if (left.some(isAdministrator)) return;
    throw new UserError(
      'LastAdministrator',
      'This would leave no administrator who can sign in: grant the role account_admin to somebody else first.',
    );
  }
}

/** The time of a change now. It differs from that of the one before, even within a millisecond. */
export function laterThan(before: Date): Date {
  return new Date(Math.max(Date.now(), before.getTime() + 1));
}

/** @throws UserError of kind `UnknownRole`, with Databend's text. */
export function roleNamed(graph: RoleGraph, name: string): Role {
  const role = graph.find(name);
  if (role === undefined) throw unknownRole(name);
  return role;
}

/** Converts a role to the object that access control decides on. */
export function roleObject(graph: RoleGraph, { id }: Pick<Role, 'id'>): Objects['role'] {
  return { kind: 'role', id, administers: graph.grantedClosure([id]).has(ACCOUNT_ADMIN) };
}

/** @param context what was to be done with it, for a text of Databend's. */
export function unknownRole(name: string, context?: string): UserError {
  const end = context === undefined ? '.' : ` (${context})`;
  return new UserError('UnknownRole', `Role '${name}' does not exist${end}`);
}

interface NamedMember {
  readonly kind: GranteeKind;
  readonly name: string;
}

/** Orders roles before users, and each kind by name. */
export function byKindAndName(a: NamedMember, b: NamedMember): number {
  return a.kind === b.kind ? compareByteOrder(a.name, b.name) : compareByteOrder(a.kind, b.kind);
}

/** Deletes all that hangs on a user or role, besides the rows of the user or role itself. */
export function endOf(kind: GranteeKind, id: string): readonly SqlStatement[] {
  const statements = [endOfMemberships(kind, id), endOfGrantsTo({ kind, id })];
  return kind === 'user' ? [...statements, endOfTokens(id)] : statements;
}

/** By user id: the ids of the roles granted to the user directly. */
function rolesOfUsers(memberships: readonly Membership[]): ReadonlyMap<string, readonly string[]> {
  const roles = new Map<string, string[]>();
  for (const { memberKind, memberId, roleId } of memberships) {
    if (memberKind !== 'user') continue;
    const granted = roles.get(memberId);
    if (granted === undefined) roles.set(memberId, [roleId]);
    else granted.push(roleId);
  }
  return roles;
}

function personOf(user: User, graph: RoleGraph, roleIds: readonly string[]): Person {
  return {
    user,
    roles: graph.sorted(roleIds).map(({ name }) => name),
    administers: graph.grantedClosure(roleIds).has(ACCOUNT_ADMIN),
  };
}
