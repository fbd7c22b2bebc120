import { Injectable } from '@nestjs/common';
import { may, requirePrivilege } from '../../access/access.js';
import type { Principal } from '../../access/principal.js';
import { SERVICE, type Objects } from '../../access/privileges.js';
import { ACCOUNT_ADMIN, PUBLIC } from '../../access/rights.js';
import { FOR_ROLES_ONLY } from '../../access/service-privileges.js';
import { changed, type AuditEvent } from '../../audit/events/audit-event.js';
import type { SqlStatement } from '../../database/sql.js';
import { StageOwners } from '../../stages/stage-owners.js';
import { ROOT } from '../../users/accounts/user.js';
import { UserError } from '../../users/user-error.js';
import { GrantRepository, type Grantee } from '../../users/grants/grant.repository.js';
import type { Membership } from '../../users/roles/role.repository.js';
import { unknownUser } from '../accounts/user-catalog.js';
import { isShown, visibleRole } from '../roles/role-catalog.js';
import { laterThan, People, roleNamed, roleObject, type PeopleNow } from '../people.js';
import { STAGE_PRIVILEGES, type StagePrivilege } from '../stage-privilege.js';
import { GrantObjects } from './grant-objects.js';
import type { GrantSource, NamedGrantee } from './grant-source.js';

/** GRANT and REVOKE, for REST and SQL alike. */
@Injectable()
export class GrantCatalog {
  constructor(
    private readonly people: People,
    private readonly grants: GrantRepository,
    private readonly objects: GrantObjects,
    private readonly owners: StageOwners,
  ) {}

  async grant(source: GrantSource, to: NamedGrantee, principal: Principal): Promise<void> {
    requirePrivilege(principal, 'ShowGrants', SERVICE);
    assertGrantable(source, to);
    const granted = await this.objects.resolve(source, principal);
    await this.people.change(async (now) => {
      const { touch, ...grantee } = await this.granteeOf(to, now);
      const statements = granted.map((grant) => this.grants.addition({ ...grant, grantee }));
      const event = grantEvent('grant.give', source, to, principal);
      return { statements: [...statements, touch], event, result: undefined };
    });
  }

  async revoke(source: GrantSource, from: NamedGrantee, principal: Principal): Promise<void> {
    requirePrivilege(principal, 'ShowGrants', SERVICE);
    const revoked = await this.objects.resolve(source, principal);
    if (from.kind === 'role' && from.name === ACCOUNT_ADMIN) throw hasAllByNature();
    await this.people.change(async (now) => {
      const { touch, ...grantee } = await this.granteeOf(from, now);
      const statements = revoked.map((grant) => this.grants.revocation({ ...grant, grantee }));
      const event = grantEvent('grant.revoke', source, from, principal);
      return { statements: [...statements, touch], event, result: undefined };
    });
  }

  /** Gives exactly these privileges on a stage, in one change: others are taken. */
  async setOnStage(
    stageName: string,
    privileges: readonly StagePrivilege[],
    to: NamedGrantee,
    principal: Principal,
  ): Promise<void> {
    if (privileges.length > 0) assertGrantable({ on: 'stage', name: stageName, privileges }, to);
    const stage = await this.objects.findStage(stageName, principal);
    requirePrivilege(principal, 'Grant', stage);
    await this.people.change(async (now) => {
      const { touch, ...grantee } = await this.granteeOf(to, now);
      const statements = STAGE_PRIVILEGES.map((privilege) => {
        const grant = { object: { kind: 'stage', id: stage.id }, privilege, grantee } as const;
        return privileges.includes(privilege) ? this.grants.addition(grant) : this.grants.revocation(grant);
      });
      const source = { on: 'stage', name: stageName, privileges } as const;
      const event = grantEvent(
        privileges.length === 0 ? 'grant.revoke' : 'grant.give',
        source,
        to,
        principal,
      );
      return { statements: [...statements, touch], event, result: undefined };
    });
  }

  /** @throws UserError of kind `InvalidRole` if a role would contain itself. */
  async grantRole(roleName: string, to: NamedGrantee, principal: Principal): Promise<void> {
    requirePrivilege(principal, 'ShowGrants', SERVICE);
    if (to.kind === 'user' && to.name === ROOT) throw rootHasAll('role');
    await this.people.change(async (now) => {
      const role = visibleRole(now.graph, roleName, principal);
      await this.people.assertMayGive(role, now, principal);
      const { touch, ...grantee } = await this.granteeOf(to, now);
      if (grantee.kind === 'role' && now.graph.grantedClosure([role.id]).has(grantee.id))
        throw new UserError('InvalidRole', `${roleName} contains ${to.name}, can not be grant to ${to.name}`);
      const statement = this.people.roles.addition(role.id, grantee.kind, grantee.id);
      const event = roleEvent('grant.give', roleName, to, principal);
      return { statements: [statement, touch], event, result: undefined };
    });
  }

  /** As in Databend, a role that does not exist is revoked already. */
  async revokeRole(roleName: string, from: NamedGrantee, principal: Principal): Promise<void> {
    requirePrivilege(principal, 'ShowGrants', SERVICE);
    await this.people.change(async (now) => {
      const role = now.graph.find(roleName);
      if (role === undefined || !isShown(now.graph, role, principal)) {
        requirePrivilege(principal, 'Grant', SERVICE);
        await this.granteeOf(from, now);
        return { statements: [], event: undefined, result: undefined };
      }
      requirePrivilege(principal, 'Grant', roleObject(now.graph, role));
      const { touch, ...grantee } = await this.granteeOf(from, now);
      const isTaken = ({ roleId, memberKind, memberId }: Membership): boolean =>
        roleId === role.id && memberKind === grantee.kind && memberId === grantee.id;
      await this.people.assertAdministratorLeft(now, isTaken);
      const statement = this.people.roles.revocation(role.id, grantee.kind, grantee.id);
      const event = roleEvent('grant.revoke', roleName, from, principal);
      return { statements: [statement, touch], event, result: undefined };
    });
  }

  /** Gives a stage or connection to a role. As in Databend, it must be a role of the principal's own. */
  async grantOwnership(
    object: { readonly on: 'stage' | 'connection'; readonly name: string },
    roleName: string,
    principal: Principal,
  ): Promise<void> {
    requirePrivilege(principal, 'ShowGrants', SERVICE);
    const owned = await this.objects.find(object, principal);
    assertMayGiveAway(owned, principal);
    await this.people.change(({ graph }) => {
      const role = graph.find(roleName);
      const isOwn = principal.availableRoles.some(({ id }) => id === role?.id);
      // `public` would make everybody the owner.
      if (role === undefined || !isOwn || role.id === PUBLIC)
        throw illegalGrant('Illegal GRANT/REVOKE command; invalid new owner');
      const statement = this.owners.transfer(object.on, owned.id, role.id);
      return { statements: [statement], event: ownerEvent(object, roleName, principal), result: undefined };
    });
  }

  /** A grantee who is not shown may still be named: a stage's owner gives privileges to users whom it cannot list. */
  private async granteeOf(
    { kind, name }: NamedGrantee,
    { graph, version }: PeopleNow,
  ): Promise<FoundGrantee> {
    const { users, roles } = this.people;
    if (kind === 'role') {
      const role = roleNamed(graph, name);
      return { kind, id: role.id, touch: roles.update({ ...role, updatedOn: laterThan(role.updatedOn) }) };
    }
    const user = await users.find(name, version);
    if (user === null) throw unknownUser(name);
    return { kind, id: user.id, touch: users.update({ ...user, updatedOn: laterThan(user.updatedOn) }) };
  }
}

function grantEvent(
  action: 'grant.give' | 'grant.revoke',
  source: GrantSource,
  grantee: NamedGrantee,
  principal: Principal,
): AuditEvent {
  const privileges = source.on === 'connection' ? ['ACCESS CONNECTION'] : source.privileges;
  const detail = { on: source.on, privileges, grantee };
  if (source.on === 'stage') return changed(action, principal, { stage: { name: source.name }, detail });
  return changed(action, principal, { object: source.on === 'service' ? undefined : source.name, detail });
}

function roleEvent(
  action: 'grant.give' | 'grant.revoke',
  role: string,
  grantee: NamedGrantee,
  principal: Principal,
): AuditEvent {
  return changed(action, principal, { object: role, detail: { on: 'role', grantee } });
}

function ownerEvent(
  { on, name }: { readonly on: 'stage' | 'connection'; readonly name: string },
  role: string,
  principal: Principal,
): AuditEvent {
  const detail = { owner: role };
  if (on === 'stage') return changed('stage.give', principal, { stage: { name }, detail });
  return changed('connection.give', principal, { object: name, detail });
}

/** A grantee who gets or loses something, which counts as a change of it. */
interface FoundGrantee extends Grantee {
  readonly touch: SqlStatement;
}

/** Refuses what Databend gives to roles only, and never to `root`. */
function assertGrantable(source: GrantSource, { kind, name }: NamedGrantee): void {
  if (kind === 'role') return;
  if (name === ROOT) throw rootHasAll('privileges');
  if (source.on === 'connection')
    throw new UserError(
      'ConnectionToUser',
      `Cannot grant Warehouse|Connection|Sequence|Procedure|MaskingPolicy|RowAccessPolicy privileges to user \`${name}\``,
    );
  if (source.on === 'service' && source.privileges.some((word) => FOR_ROLES_ONLY.has(word)))
    throw illegalGrant(
      'CREATE-like privileges cannot be granted directly to USER; please grant them to a role',
    );
}

function hasAllByNature(): UserError {
  return illegalGrant('Illegal REVOKE command. Can not revoke built-in role [ account_admin ]');
}

function illegalGrant(message: string): UserError {
  return new UserError('IllegalGrant', message);
}

function rootHasAll(what: 'privileges' | 'role'): UserError {
  return new UserError('BuiltInUser', `Cannot grant ${what} to built-in user \`root\``);
}

/** In Databend's words. */
function assertMayGiveAway(object: Objects['stage'] | Objects['connection'], principal: Principal): void {
  if (may(principal, 'Own', object)) return;
  throw illegalGrant('Illegal GRANT/REVOKE command; only owner can grant ownership');
}
