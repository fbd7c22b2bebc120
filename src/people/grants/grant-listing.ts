import { Injectable } from '@nestjs/common';
import { isVisible, may, requirePrivilege } from '../../access/access.js';
import type { Principal } from '../../access/principal.js';
import { SERVICE, type Objects } from '../../access/privileges.js';
import { ACCOUNT_ADMIN, PUBLIC } from '../../access/rights.js';
import { compareByteOrder } from '../../common/byte-order.js';
import { GrantRepository, type Grant, type Grantee } from '../../users/grants/grant.repository.js';
import type { Membership } from '../../users/roles/role.repository.js';
import { unknownUser, userObject } from '../accounts/user-catalog.js';
import { isShown, visibleRole } from '../roles/role-catalog.js';
import { People, roleObject } from '../people.js';
import { GrantObjects } from './grant-objects.js';
import type { NamedGrantee } from './grant-source.js';
import { GrantedPrivileges, type ListedGrants } from './granted-privileges.js';
import { inOrder } from './privilege-order.js';

type GrantableObject = Objects['stage'] | Objects['connection'];

export interface ListingOptions {
  /** Lists also what the roles of the user or role have been granted, and what they own. */
  readonly expandRoles: boolean;
}

/** All that a user or role has. */
export interface GrantsOfGrantee extends ListedGrants {
  readonly kind: NamedGrantee['kind'];
  readonly name: string;
  /** Names of all other roles that it has, one by way of another too, ordered. */
  readonly roles: readonly string[];
}

/** Privileges on an object, by grantee. */
export interface GrantsOnObject {
  readonly name: string;
  /** Users before roles, each ordered by name. */
  readonly grants: readonly (NamedGrantee & { readonly privileges: readonly string[] })[];
  /** The name of the role that owns it, if the principal may know that role. */
  readonly owner: string | undefined;
}

/** SHOW GRANTS, for REST and SQL alike. */
@Injectable()
export class GrantListing {
  constructor(
    private readonly people: People,
    private readonly grants: GrantRepository,
    private readonly objects: GrantObjects,
    private readonly privileges: GrantedPrivileges,
  ) {}

  /** @throws UserError of kind `UnknownUser` or `UnknownRole`, and AccessError for others than one's own. */
  async ofGrantee(
    { kind, name }: NamedGrantee,
    principal: Principal,
    { expandRoles }: ListingOptions,
  ): Promise<GrantsOfGrantee> {
    requirePrivilege(principal, 'ShowGrants', SERVICE);
    const graph = await this.people.roles.graph();
    const { id, granted } =
      kind === 'user' ? await this.#user(name, principal) : await this.#role(name, principal);
    const related = graph
      .sorted(graph.closure([...granted, PUBLIC]))
      .filter((role) => kind === 'user' || role.id !== id);
    const roles = related.map((role) => role.id);
    const owners = [...(kind === 'role' ? [id] : []), ...(expandRoles ? roles : [])];
    const holders: Grantee[] = [{ kind, id }];
    if (expandRoles) holders.push(...roles.map((roleId) => ({ kind: 'role' as const, id: roleId })));
    // Administrators may do everything: what they own says nothing.
    const administers = id === ACCOUNT_ADMIN || roles.includes(ACCOUNT_ADMIN);
    const listed = await this.privileges.of(holders, administers ? [] : owners);
    return { kind, name, roles: related.map((role) => role.name), ...listed };
  }

  /**
   * Lists everybody to whoever may grant privileges on the object; to others, whom they may see anyway.
   *
   * @throws StageError of kind `UnknownStage` or `UnknownConnection`.
   */
  async onObject(
    object: { readonly on: 'stage' | 'connection'; readonly name: string },
    principal: Principal,
  ): Promise<GrantsOnObject> {
    requirePrivilege(principal, 'ShowGrants', SERVICE);
    return this.on(await this.objects.find(object, principal), principal);
  }

  /** As `onObject`, for one that the principal may see. */
  async on(found: GrantableObject, principal: Principal): Promise<GrantsOnObject> {
    const seesAll = may(principal, 'Grant', found);
    const graph = await this.people.roles.graph();
    const owner = graph.get(found.ownerRole ?? '');
    const byGrantee = byGranteeOf(await this.grants.onObject(found));
    const named = await Promise.all(
      byGrantee.map(async ({ grantee, privileges }) => {
        const known = await this.#named(grantee, seesAll ? undefined : principal);
        return known === undefined ? [] : [{ ...known, privileges: inOrder(privileges) }];
      }),
    );
    const isKnown = owner !== undefined && (seesAll || isShown(graph, owner, principal));
    return {
      name: found.name,
      grants: named.flat().sort(usersFirst),
      owner: isKnown ? owner.name : undefined,
    };
  }

  /**
   * Lists the direct members of a role, of those whom the principal may see: users before roles, each ordered by name.
   *
   * @throws UserError of kind `UnknownRole`.
   */
  async membersOf(roleName: string, principal: Principal): Promise<readonly NamedGrantee[]> {
    requirePrivilege(principal, 'ShowGrants', SERVICE);
    const role = visibleRole(await this.people.roles.graph(), roleName, principal);
    const members = await this.people.roles.membersOf(role.id);
    const named = await Promise.all(members.map((member) => this.#named(granteeOf(member), principal)));
    return named.flatMap((member) => member ?? []).sort(usersFirst);
  }

  async #user(name: string, principal: Principal): Promise<{ id: string; granted: readonly string[] }> {
    const person = await this.people.find(name);
    if (person === null || !isVisible(principal, userObject(person))) throw unknownUser(name);
    requirePrivilege(principal, 'ShowGrants', userObject(person));
    const { id } = person.user;
    return { id, granted: await this.people.roles.grantedTo('user', id) };
  }

  async #role(name: string, principal: Principal): Promise<{ id: string; granted: readonly string[] }> {
    const graph = await this.people.roles.graph();
    const role = visibleRole(graph, name, principal);
    requirePrivilege(principal, 'ShowGrants', roleObject(graph, role));
    const { id } = role;
    return { id, granted: graph.grantedTo(id).map((each) => each.id) };
  }

  /** @param principal who must see the grantee; undefined for somebody who sees everybody. */
  async #named({ kind, id }: Grantee, principal: Principal | undefined): Promise<NamedGrantee | undefined> {
    if (kind === 'role') {
      const graph = await this.people.roles.graph();
      const role = graph.get(id);
      const isKnown = role !== undefined && (principal === undefined || isShown(graph, role, principal));
      return isKnown ? { kind, name: role.name } : undefined;
    }
    const person = await this.people.findById(id);
    const isKnown = person !== null && (principal === undefined || isVisible(principal, userObject(person)));
    return isKnown ? { kind, name: person.user.name } : undefined;
  }
}

function granteeOf({ memberKind, memberId }: Membership): Grantee {
  return { kind: memberKind, id: memberId };
}

function usersFirst(a: NamedGrantee, b: NamedGrantee): number {
  return a.kind === b.kind ? compareByteOrder(a.name, b.name) : a.kind === 'user' ? -1 : 1;
}

function byGranteeOf(
  grants: readonly Grant[],
): readonly { grantee: Grantee; privileges: readonly string[] }[] {
  const found = new Map<string, { grantee: Grantee; privileges: string[] }>();
  for (const { grantee, privilege } of grants) {
    const key = `${grantee.kind} ${grantee.id}`;
    const entry = found.get(key) ?? { grantee, privileges: [] };
    entry.privileges.push(privilege);
    found.set(key, entry);
  }
  return [...found.values()];
}
