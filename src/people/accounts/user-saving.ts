import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { requirePrivilege } from '../../access/access.js';
import type { Principal } from '../../access/principal.js';
import { SERVICE } from '../../access/privileges.js';
import { SERVICE_PRIVILEGES } from '../../access/service-privileges.js';
import { changed, type AuditEvent } from '../../audit/events/audit-event.js';
import type { User } from '../../users/accounts/user.js';
import { newUser } from '../../users/accounts/user.service.js';
import { GrantRepository } from '../../users/grants/grant.repository.js';
import { laterThan, People, type PeopleNow, type Person } from '../people.js';
import { NewPasswords } from './new-password.js';
import type { NewUser } from './new-user.js';
import { alreadyExists, checkNewName, optionsOf, unknownUser, userObject } from './user-catalog.js';

function savingEvent(
  { name, options, roles, grantsAll, authentication }: SavedUser,
  existing: Person | null,
  principal: Principal,
): AuditEvent {
  const hasNewPassword = existing === null || authentication.secret !== undefined;
  const detail = { ...optionsOf(options), roles, grantsAll, hasNewPassword };
  return changed(existing === null ? 'user.create' : 'user.alter', principal, { object: name, detail });
}

/** A user as it shall be. What is left out stays as it is. */
export interface SavedUser extends Omit<NewUser, 'orReplace' | 'ifNotExists'> {
  /** Gives the user every privilege on the service, as Databend's `grant_all`. */
  readonly grantsAll: boolean;
}

/** Creates users, or changes those that exist: Databend's route of users does both. */
@Injectable()
export class UserSaving {
  constructor(
    private readonly people: People,
    private readonly passwords: NewPasswords,
    private readonly grants: GrantRepository,
  ) {}

  /** A user who exists stays the same, with files, roles, grants and tokens. Roles are added. */
  async save(request: SavedUser, principal: Principal): Promise<void> {
    requirePrivilege(principal, 'CreateUser', SERVICE);
    const { name } = request;
    checkNewName(name);
    const words = request.grantsAll ? SERVICE_PRIVILEGES : [];
    for (const word of words) requirePrivilege(principal, 'Grant', { kind: 'right', word });
    const known = await this.people.find(name);
    if (known !== null) requirePrivilege(principal, 'Alter', userObject(known));
    const stored = await this.#storedFor(request, known);
    await this.people.change(async (now) => {
      const existing = await this.people.find(name, now.version);
      if (existing?.user.id !== known?.user.id)
        throw existing === null ? unknownUser(name) : alreadyExists(name); // by somebody else, meanwhile
      if (existing !== null) await this.#assertMayAlter(existing, request, now, principal);
      const fresh = {
        ...(existing?.user ?? newUser(name)),
        updatedOn: laterThan(existing?.user.updatedOn ?? new Date(0)),
      };
      const user = { ...fresh, ...stored, ...optionsOf(request.options) };
      const saved = existing === null ? this.people.users.insertion(user) : this.people.users.update(user);
      const grantee = { kind: 'user', id: user.id } as const;
      const object = { kind: 'service', id: '' } as const;
      const granted = words.map((privilege) => this.grants.addition({ object, privilege, grantee }));
      const memberships = await this.people.rolesFor(user.id, request.roles ?? [], now, principal);
      const statements = [saved, ...memberships, ...granted];
      return { statements, event: savingEvent(request, existing, principal), result: undefined };
    });
  }

  /** A user who exists needs no password: the one that is stored stays. */
  async #storedFor({ authentication }: SavedUser, known: Person | null): Promise<Partial<User>> {
    if (known === null) return this.passwords.store(authentication);
    if (authentication.type === undefined && authentication.secret === undefined) return {};
    const stored = await this.passwords.store(authentication, known.user.authType);
    return { ...stored, credential: randomUUID() };
  }

  async #assertMayAlter(
    existing: Person,
    { options }: SavedUser,
    now: PeopleNow,
    principal: Principal,
  ): Promise<void> {
    requirePrivilege(principal, 'Alter', userObject(existing));
    if (options?.isDisabled === true)
      await this.people.assertAdministratorLeft(now, () => false, existing.user.id);
  }
}
