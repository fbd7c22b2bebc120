import { Injectable } from '@nestjs/common';
import { displayName, type Principal, type RoleRef, type TokenRef } from '../../access/principal.js';
import { ACCOUNT_ADMIN, PUBLIC, type Rights } from '../../access/rights.js';
import type { User } from '../accounts/user.js';
import { UserRepository } from '../accounts/user.repository.js';
import { GrantRepository } from '../grants/grant.repository.js';
import type { RoleGraph } from '../roles/role-graph.js';
import { RoleRepository } from '../roles/role.repository.js';
import { UserError } from '../user-error.js';
import { AccessVersion } from '../version/access-version.js';

/** The roles that a client chooses for its session. */
export interface ChosenRoles {
  /** The name of the current role; the user's default role if undefined. */
  readonly role?: string | undefined;
  /** Names of other roles in effect; undefined for all of the user's. */
  readonly secondaryRoles?: readonly string[] | undefined;
}

/** How many choices of roles are remembered for a user. */
const MAX_CHOICES = 16;

/** Makes principals: users with the roles in effect, and what they give. The only place that does. */
@Injectable()
export class Principals {
  /** By user, which is another object under each version, and by the chosen roles. */
  readonly #made = new WeakMap<User, Map<string, Promise<Principal>>>();

  constructor(
    private readonly versions: AccessVersion,
    private readonly users: UserRepository,
    private readonly roles: RoleRepository,
    private readonly grants: GrantRepository,
  ) {}

  /**
   * As in Databend, a chosen or default role that the user does not have counts as `public`.
   *
   * @param user as it is now.
   */
  of(user: User, chosen: ChosenRoles = {}): Promise<Principal> {
    const made = this.#made.get(user) ?? new Map<string, Promise<Principal>>();
    this.#made.set(user, made);
    const key = JSON.stringify([chosen.role, chosen.secondaryRoles]);
    const known = made.get(key);
    if (known !== undefined) return known;
    if (made.size >= MAX_CHOICES) made.clear();
    const principal = this.#make(user, chosen);
    made.set(key, principal);
    principal.catch(() => made.delete(key));
    return principal;
  }

  /** For a request with an API token. */
  async ofToken(user: User, token: TokenRef): Promise<Principal> {
    return { ...(await this.of(user)), token };
  }

  /** The same user in a session with other roles. The caller has just authenticated the principal. */
  async inRoles(principal: Principal, chosen: ChosenRoles): Promise<Principal> {
    if (chosen.role === undefined && chosen.secondaryRoles === undefined) return principal;
    const user = await this.users.findById(principal.userId);
    if (user === null) return principal;
    return { ...(await this.of(user, chosen)), token: principal.token, origin: principal.origin };
  }

  async #make(user: User, chosen: ChosenRoles): Promise<Principal> {
    const version = await this.versions.current();
    const graph = await this.roles.graph(version);
    const available = graph.closure([...(await this.roles.grantedTo('user', user.id)), PUBLIC]);
    const current = currentRole(graph, available, chosen.role ?? user.defaultRole);
    const inEffect = rolesInEffect(graph, available, current, chosen.secondaryRoles);
    const own = graph.closure([current.id]);
    return {
      userId: user.id,
      name: user.name,
      credential: user.credential,
      mustChangePassword: user.mustChangePassword,
      ownStageQuota: user.quota,
      currentRole: current,
      roles: [
        current,
        ...graph
          .sorted(inEffect)
          .filter(({ id }) => id !== current.id)
          .map(refOf),
      ],
      availableRoles: graph.sorted(available).map(refOf),
      rights: await this.#rightsOf(user, inEffect, version),
      currentRights: await this.#rightsOf(user, own, version),
      // Each request copies the principal and sets these: to add a field to a copy takes V8 twenty times as long.
      token: undefined,
      origin: undefined,
    };
  }

  async #rightsOf(user: User, roles: ReadonlySet<string>, version: string): Promise<Rights> {
    if (roles.has(ACCOUNT_ADMIN)) return { roles, grants: [] }; // needs none
    const sets = await Promise.all([
      this.grants.setOf({ kind: 'user', id: user.id }, version),
      ...[...roles].map((id) => this.grants.setOf({ kind: 'role', id }, version)),
    ]);
    return { roles, grants: sets.filter(({ size }) => size > 0) };
  }
}

/** @throws UserError of kind `InvalidRole`, with Databend's text, if the user does not have the role. */
export function assertAvailable({ name, availableRoles }: Principal, role: string): void {
  const names = availableRoles.map((each) => each.name);
  if (names.includes(role)) return;
  throw new UserError(
    'InvalidRole',
    `Invalid role ${role} for current session, user: ${displayName({ name })}, available: ${names.join(',')}`,
  );
}

const EVERYBODY: RoleRef = { id: PUBLIC, name: PUBLIC };

function currentRole(graph: RoleGraph, available: ReadonlySet<string>, name: string): RoleRef {
  const role = graph.find(name);
  return role !== undefined && available.has(role.id) ? refOf(role) : EVERYBODY;
}

function rolesInEffect(
  graph: RoleGraph,
  available: ReadonlySet<string>,
  current: RoleRef,
  secondaryRoles: readonly string[] | undefined,
): ReadonlySet<string> {
  if (secondaryRoles === undefined) return available;
  const chosen = secondaryRoles.flatMap((name) => graph.find(name)?.id ?? []);
  return graph.closure([current.id, PUBLIC, ...chosen.filter((id) => available.has(id))]);
}

function refOf({ id, name }: RoleRef): RoleRef {
  return { id, name };
}
