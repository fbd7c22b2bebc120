import { Injectable } from '@nestjs/common';
import { isVisible, may, requirePrivilege } from '../../access/access.js';
import type { Principal } from '../../access/principal.js';
import { SERVICE } from '../../access/privileges.js';
import type { Grantee } from '../../users/grants/grant.repository.js';
import type { NamedGrantee } from '../grants/grant-source.js';
import type { RoleGraph } from '../../users/roles/role-graph.js';
import { byKindAndName, People, roleObject } from '../people.js';
import { visibleRole } from './role-catalog.js';

/** Lists the users and roles that a role is granted to. */
@Injectable()
export class RoleMembers {
  constructor(private readonly people: People) {}

  /** The users and roles that the role is granted to directly, of those that the principal may see. Roles first. */
  async list(roleName: string, principal: Principal): Promise<readonly NamedGrantee[]> {
    requirePrivilege(principal, 'ShowRoles', SERVICE);
    const graph = await this.people.roles.graph();
    const role = visibleRole(graph, roleName, principal);
    requirePrivilege(principal, 'Show', roleObject(graph, role));
    const members = await this.people.roles.membersOf(role.id);
    const shown = members
      .map(({ memberKind, memberId }): Grantee => ({ kind: memberKind, id: memberId }))
      .filter((member) => isShown(member, graph, principal));
    const named = await Promise.all(shown.map((member) => this.#named(member)));
    return named.flat().sort(byKindAndName);
  }

  /** None for a member who was dropped meanwhile. */
  async #named({ kind, id }: Grantee): Promise<readonly NamedGrantee[]> {
    const name = await this.people.nameOf({ kind, id });
    return name === undefined ? [] : [{ kind, name }];
  }
}

function isShown({ kind, id }: Grantee, graph: RoleGraph, principal: Principal): boolean {
  if (kind === 'role') return isVisible(principal, roleObject(graph, { id }));
  return may(principal, 'Show', { kind, id, administers: true }); // which does not matter for that
}
