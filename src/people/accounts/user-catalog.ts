import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { isVisible, requirePrivilege } from '../../access/access.js';
import { displayName, type Principal } from '../../access/principal.js';
import { SERVICE, SESSION, type Objects } from '../../access/privileges.js';
import { changed, type AuditEvent } from '../../audit/events/audit-event.js';
import type { SqlStatement } from '../../database/sql.js';
import { ROOT, type User } from '../../users/accounts/user.js';
import { checkUserName } from '../../users/accounts/user-name.js';
import { newUser } from '../../users/accounts/user.service.js';
import type { Membership } from '../../users/roles/role.repository.js';
import { assertAvailable } from '../../users/principals/principals.js';
import { UserError } from '../../users/user-error.js';
import { endOf, laterThan, People, type PeopleNow, type Person } from '../people.js';
import { NewPasswords } from './new-password.js';
import type { FilesOfDropped, NewUser, UserChange, UserOptions } from './new-user.js';
import { OwnStageFiles } from './own-stage-files.js';

/** CREATE, ALTER, DROP, SHOW and DESCRIBE USER, for REST and SQL alike. */
@Injectable()
export class UserCatalog {
  constructor(
    private readonly people: People,
    private readonly passwords: NewPasswords,
    private readonly files: OwnStageFiles,
  ) {}

  /**
   * Creates or replaces a user. A user who is replaced loses roles, grants, tokens and sessions: the new one is somebody else.
   *
   * @returns false if `ifNotExists` matched an existing user.
   */
  async create(request: NewUser, principal: Principal): Promise<boolean> {
    requirePrivilege(principal, 'CreateUser', SERVICE);
    const { name } = request;
    checkNewName(name);
    const stored = await this.passwords.store(request.authentication);
    const user = { ...newUser(name), ...stored, ...optionsOf(request.options) };
    return this.people.change(async (now) => {
      const existing = await this.people.find(name, now.version);
      if (existing !== null && request.orReplace !== true) {
        if (request.ifNotExists === true) return { statements: [], event: undefined, result: false };
        throw alreadyExists(name);
      }
      const memberships = await this.people.rolesFor(user.id, request.roles ?? [], now, principal);
      const end = existing === null ? [] : await this.endOfReplaced(existing, now, principal);
      const statements = [...end, this.people.users.insertion(user), ...memberships];
      const detail = { ...optionsOf(request.options), roles: request.roles, replaced: existing?.user.id };
      const event = changed('user.create', principal, { object: name, detail });
      return { statements, event, result: true };
    });
  }

  /** Sessions, tokens and URLs of the user end with a new password. */
  async alter(name: string, change: UserChange, principal: Principal): Promise<void> {
    if (name === principal.name && isOwnPassword(change)) return this.changeOwnPassword(change, principal);
    requirePrivilege(principal, 'ShowUsers', SERVICE);
    if (name === ROOT && !isOnlyDisabling(change)) throw cannotAlterRoot();
    const person = await this.findVisible(name, principal);
    requirePrivilege(principal, 'Alter', userObject(person));
    const stored = await this.storedFor(change, person.user);
    await this.people.change(async (now) => {
      const current = await this.people.find(name, now.version);
      if (current?.user.id !== person.user.id) throw unknownUser(name);
      requirePrivilege(principal, 'Alter', userObject(current));
      const options = optionsOf(change.options);
      if (options.isDisabled === true)
        await this.people.assertAdministratorLeft(now, () => false, person.user.id);
      const event = alterationEvent(name, change, principal);
      return {
        statements: [this.alteration(current.user, { ...stored, ...options })],
        event,
        result: undefined,
      };
    });
  }

  /** Needs no privilege but the session's own. */
  async changeOwnPassword({ authentication }: UserChange, principal: Principal): Promise<void> {
    requirePrivilege(principal, 'ChangePassword', SESSION);
    if (principal.userId === ROOT) throw cannotAlterRoot();
    const user = await this.people.users.findById(principal.userId);
    if (user === null) throw unknownUser(principal.name);
    if (principal.mustChangePassword) await this.passwords.assertNew(authentication?.secret, user);
    const stored = await this.storedFor({ authentication: authentication ?? {} }, user);
    if (principal.mustChangePassword && stored.passwordHash === null)
      throw new UserError('PasswordNeeded', 'need password');
    await this.update(user, { ...stored, mustChangePassword: false }, principal);
  }

  /** Changes the role that later sessions of the principal begin with. */
  async setDefaultRole(role: string, principal: Principal): Promise<void> {
    requirePrivilege(principal, 'ChooseRoles', SESSION);
    assertAvailable(principal, role);
    await this.update({ id: principal.userId, name: principal.name }, { defaultRole: role }, principal);
  }

  /**
   * Drops a user, with roles, grants and tokens. What its roles own stays theirs.
   *
   * @param files what becomes of the files in the user's own stage.
   * @throws UserError of kind `UserHasFiles` if there are some, and nothing was said.
   */
  async drop(name: string, files: FilesOfDropped, principal: Principal): Promise<void> {
    requirePrivilege(principal, 'ShowUsers', SERVICE);
    if (name === ROOT) throw new UserError('BuiltInUser', 'Built-in user `root` cannot be dropped');
    const person = await this.findVisible(name, principal);
    requirePrivilege(principal, 'Drop', userObject(person));
    const { user } = person;
    const heir = files?.kind === 'give' ? await this.heirOf(user, files.to, principal) : undefined;
    const isTaken = isOf(user);
    await this.people.assertAdministratorLeft(await this.people.now(), isTaken); // before its files are gone
    if (files === undefined) await this.files.assertNone(user);
    else await this.files.empty(user, heir, principal);
    await this.people.change(async (now) => {
      if ((await this.people.users.findById(user.id, now.version)) === null) throw unknownUser(name);
      await this.people.assertAdministratorLeft(now, isTaken);
      return {
        statements: [this.people.users.deletion(user.id), ...endOf('user', user.id)],
        event: changed('user.drop', principal, {
          object: name,
          detail: { files: files?.kind, to: heir?.name },
        }),
        result: undefined,
      };
    });
    // What came in between. Later uploads find their user gone.
    if (files !== undefined) await this.files.empty(user, heir, principal);
  }

  async describe(name: string, principal: Principal): Promise<Person> {
    return this.findVisible(name, principal);
  }

  /** The principal itself. Needs no privilege: sign-in shows it, too. */
  async own({ name, userId }: Principal): Promise<Person> {
    const person = await this.people.find(name);
    if (person?.user.id !== userId) throw unknownUser(name); // dropped meanwhile
    return person;
  }

  /** Yields the users that the principal may see, ordered by name. */
  async *show(principal: Principal, after = ''): AsyncGenerator<readonly Person[]> {
    requirePrivilege(principal, 'ShowUsers', SERVICE);
    for await (const people of this.people.list(after)) {
      yield people.filter((person) => isVisible(principal, userObject(person)));
    }
  }

  /** Does not answer as an unknown user: IF EXISTS is about the user who is dropped. */
  private async heirOf(dropped: User, name: string, principal: Principal): Promise<User> {
    const heir = await this.people.find(name);
    if (heir !== null && heir.user.id !== dropped.id && isVisible(principal, userObject(heir)))
      return heir.user;
    throw new UserError(
      'InvalidUserOption',
      `The files cannot be given to ${displayName({ name })}: it must be another user, who exists.`,
    );
  }

  private async findVisible(name: string, principal: Principal): Promise<Person> {
    requirePrivilege(principal, 'ShowUsers', SERVICE);
    const person = await this.people.find(name);
    if (person === null || !isVisible(principal, userObject(person))) throw unknownUser(name);
    return person;
  }

  private async update(
    { id, name }: Pick<User, 'id' | 'name'>,
    change: Partial<User>,
    principal: Principal,
  ): Promise<void> {
    const { defaultRole } = change;
    const detail = defaultRole === undefined ? { hasNewPassword: true } : { defaultRole };
    const event = changed('user.alter', principal, { object: name, detail });
    await this.people.change(async ({ version }) => {
      const current = await this.people.users.findById(id, version);
      if (current === null) throw unknownUser(name);
      return { statements: [this.alteration(current, change)], event, result: undefined };
    });
  }

  private alteration(current: User, change: Partial<User>): SqlStatement {
    return this.people.users.update({ ...current, ...change, updatedOn: laterThan(current.updatedOn) });
  }

  /** A new password is another credential. */
  private async storedFor({ authentication }: UserChange, { authType }: User): Promise<Partial<User>> {
    if (authentication === undefined) return {};
    return { ...(await this.passwords.store(authentication, authType)), credential: randomUUID() };
  }

  private async endOfReplaced(
    person: Person,
    now: PeopleNow,
    principal: Principal,
  ): Promise<readonly SqlStatement[]> {
    requirePrivilege(principal, 'Drop', userObject(person));
    const { user } = person;
    await this.people.assertAdministratorLeft(now, isOf(user));
    await this.files.assertNone(user);
    return [this.people.users.deletion(user.id), ...endOf('user', user.id)];
  }
}

function isOf({ id }: User): (membership: Membership) => boolean {
  return ({ memberKind, memberId }) => memberKind === 'user' && memberId === id;
}

/** Converts a user to the object that access control decides on. */
export function userObject({ user, administers }: Person): Objects['user'] {
  return { kind: 'user', id: user.id, administers };
}

/** @throws UserError of kind `BuiltInUser` or `InvalidUserName`. */
export function checkNewName(name: string): void {
  if (name === ROOT) throw new UserError('BuiltInUser', 'Same name with configured user `root`');
  checkUserName(name);
}

/** In Databend's words. */
export function unknownUser(name: string): UserError {
  return new UserError('UnknownUser', `User ${displayName({ name })} does not exist.`);
}

export function alreadyExists(name: string): UserError {
  return new UserError('UserAlreadyExists', `User ${displayName({ name })} already exists.`);
}

function cannotAlterRoot(): UserError {
  return new UserError(
    'UnalterableUser',
    'Can not alter built-in user `root`: its password is the setting ROOT_PASSWORD, or comes from `npm run admin -- reset-password root`.',
  );
}

function isOwnPassword({ authentication, options }: UserChange): boolean {
  return authentication !== undefined && Object.keys(optionsOf(options)).length === 0;
}

/** An administrator may disable `root`, once there is another one. */
function isOnlyDisabling({ authentication, options }: UserChange): boolean {
  return authentication === undefined && Object.keys(optionsOf(options)).every((key) => key === 'isDisabled');
}

/** Tells of a new password, never which. */
function alterationEvent(
  name: string,
  { authentication, options }: UserChange,
  principal: Principal,
): AuditEvent {
  const detail = { ...optionsOf(options), ...(authentication === undefined ? {} : { hasNewPassword: true }) };
  return changed('user.alter', principal, { object: name, detail });
}

type StoredOptions = Partial<
  Pick<User, 'defaultRole' | 'defaultWarehouse' | 'isDisabled' | 'mustChangePassword'>
>;

/** Leaves out options that are undefined. */
export function optionsOf(options: UserOptions = {}): StoredOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
