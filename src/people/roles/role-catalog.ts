import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { isVisible, requirePrivilege } from '../../access/access.js';
import type { Principal } from '../../access/principal.js';
import { SERVICE } from '../../access/privileges.js';
import { ACCOUNT_ADMIN } from '../../access/rights.js';
import { changed } from '../../audit/events/audit-event.js';
import { StageOwners } from '../../stages/stage-owners.js';
import { isPlainName, MAX_NAME_LENGTH } from '../../users/accounts/plain-name.js';
import { isBuiltIn, type Role, type RoleGraph } from '../../users/roles/role-graph.js';
import { UserError } from '../../users/user-error.js';
import { endOf, laterThan, People, roleNamed, roleObject, unknownRole } from '../people.js';

export interface NewRole {
  readonly name: string;
  readonly comment?: string | undefined;
  readonly ifNotExists?: boolean | undefined;
}

/** A role, as the principal sees it. */
export interface ShownRole {
  readonly role: Role;
  /** Names of the roles granted to it directly, ordered. */
  readonly inherited: readonly string[];
}

/** Databend's rule, with its text. */
const QUOTES = /['"\b\f]/;
const MAX_COMMENT_LENGTH = 1024;

/** CREATE, ALTER, DROP and SHOW ROLE, for REST and SQL alike. */
@Injectable()
export class RoleCatalog {
  constructor(
    private readonly people: People,
    private readonly owners: StageOwners,
  ) {}

  /** @returns false if `ifNotExists` matched an existing role. */
  async create({ name, comment = '', ifNotExists }: NewRole, principal: Principal): Promise<boolean> {
    requirePrivilege(principal, 'CreateRole', SERVICE);
    if (isBuiltInName(name)) throw builtIn('Create');
    checkName(name);
    checkComment(comment);
    const now = new Date();
    const role = { id: randomUUID(), name, comment, createdOn: now, updatedOn: now };
    return this.people.change(({ graph }) => {
      const existing = graph.find(name);
      if (existing === undefined) {
        const event = changed('role.create', principal, { object: name });
        return { statements: [this.people.roles.insertion(role)], event, result: true };
      }
      if (ifNotExists === true) return { statements: [], event: undefined, result: false };
      throw new UserError('RoleAlreadyExists', `Role '${name}' already exists`);
    });
  }

  /** @param comment null clears it. */
  async alter(name: string, comment: string | null, principal: Principal): Promise<void> {
    requirePrivilege(principal, 'ShowRoles', SERVICE);
    checkComment(comment ?? '');
    await this.people.change(({ graph }) => {
      const role = graph.find(name);
      if (role === undefined || !isShown(graph, role, principal))
        throw unknownRole(name, 'while updating role comment');
      requirePrivilege(principal, 'Alter', roleObject(graph, role));
      const altered = { ...role, comment: comment ?? '', updatedOn: laterThan(role.updatedOn) };
      const event = changed('role.alter', principal, { object: name, detail: { altered: ['comment'] } });
      return { statements: [this.people.roles.update(altered)], event, result: undefined };
    });
  }

  /** Drops a role. What it owns is the administrators' from then on. */
  async drop(name: string, principal: Principal): Promise<void> {
    requirePrivilege(principal, 'ShowRoles', SERVICE);
    if (isBuiltInName(name)) throw builtIn('Drop');
    await this.people.change(async (now) => {
      const role = now.graph.find(name);
      if (role === undefined || !isShown(now.graph, role, principal))
        throw unknownRole(name, 'while drop role');
      const { id } = role;
      requirePrivilege(principal, 'Drop', roleObject(now.graph, role));
      await this.people.assertAdministratorLeft(
        now,
        ({ roleId, memberKind, memberId }) => roleId === id || (memberKind === 'role' && memberId === id),
      );
      const statements = [
        ...this.people.roles.deletion(id),
        ...endOf('role', id),
        ...this.owners.succession(id, ACCOUNT_ADMIN),
      ];
      const event = changed('role.drop', principal, { object: name });
      return { statements, event, result: undefined };
    });
  }

  /** The roles that the principal may see, ordered by name. */
  async show(principal: Principal): Promise<readonly ShownRole[]> {
    requirePrivilege(principal, 'ShowRoles', SERVICE);
    const graph = await this.people.roles.graph();
    return graph.roles
      .filter((role) => isShown(graph, role, principal))
      .map((role) => shownRole(role, graph));
  }

  /** The roles that the principal has, in effect or not, ordered by name. */
  async showAvailable(principal: Principal): Promise<readonly ShownRole[]> {
    requirePrivilege(principal, 'ShowRoles', SERVICE);
    const graph = await this.people.roles.graph();
    return principal.availableRoles
      .flatMap(({ id }) => graph.get(id) ?? [])
      .map((role) => shownRole(role, graph));
  }

  async describe(name: string, principal: Principal): Promise<ShownRole> {
    requirePrivilege(principal, 'ShowRoles', SERVICE);
    const graph = await this.people.roles.graph();
    return shownRole(visibleRole(graph, name, principal), graph);
  }
}

/** @throws UserError of kind `UnknownRole` for a role that does not exist, or that the principal may not know. */
export function visibleRole(graph: RoleGraph, name: string, principal: Principal): Role {
  const role = roleNamed(graph, name);
  if (isShown(graph, role, principal)) return role;
  throw unknownRole(name);
}

export function isShown(graph: RoleGraph, role: Role, principal: Principal): boolean {
  return isVisible(principal, roleObject(graph, role));
}

function shownRole(role: Role, graph: RoleGraph): ShownRole {
  return { role, inherited: graph.grantedTo(role.id).map(({ name }) => name) };
}

/** Names of built-in roles are reserved in any case, as in Databend. */
function isBuiltInName(name: string): boolean {
  return isBuiltIn({ id: name.toLowerCase() });
}

function checkName(name: string): void {
  if (QUOTES.test(name)) {
    throw new UserError(
      'InvalidRoleName',
      `Illegal role name [${name}]: role names cannot contain quotes (' or ") or control characters (\\b or \\f)`,
    );
  }
  if (isPlainName(name)) return;
  throw new UserError(
    'InvalidRoleName',
    `Role name ${JSON.stringify(name)} cannot be used: 1 to ${String(MAX_NAME_LENGTH)} characters, without quotes, ` +
      'control characters, and spaces at its ends.',
  );
}

function checkComment(comment: string): void {
  if (comment.length <= MAX_COMMENT_LENGTH && comment.isWellFormed()) return;
  throw new UserError(
    'InvalidUserOption',
    `A role's comment may have at most ${String(MAX_COMMENT_LENGTH)} characters of valid Unicode.`,
  );
}

/** In Databend's words. */
function builtIn(verb: 'Create' | 'Drop'): UserError {
  return new UserError(
    'BuiltInRole',
    `Illegal ${verb} Role command. Can not ${verb.toLowerCase()} built-in role [ account_admin | public ]`,
  );
}
