import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { OPERATOR } from '../../access/principal.js';
import type { ErrorContext } from '../../common/app-error.js';
import { ACCOUNT_ADMIN } from '../../access/rights.js';
import { changed as changeEvent } from '../../audit/events/audit-event.js';
import { RoleRepository } from '../roles/role.repository.js';
import { UserError } from '../user-error.js';
import { AccessVersion } from '../version/access-version.js';
import { PasswordHasher } from './password-hasher.js';
import { checkUserName } from './user-name.js';
import { UserRepository } from './user.repository.js';
import { ROOT, type User } from './user.js';

/** Finds users, and checks their passwords. */
@Injectable()
export class UserService {
  constructor(
    private readonly users: UserRepository,
    private readonly roles: RoleRepository,
    private readonly versions: AccessVersion,
    private readonly hasher: PasswordHasher,
  ) {}

  /** Creates or changes a user on behalf of the operator. @throws UserError of kind `InvalidUserName`. */
  async save(name: string, password: string, { isAdmin }: { readonly isAdmin: boolean }): Promise<void> {
    checkUserName(name);
    const stored = await this.users.find(name);
    const keeps = stored !== null && (await this.matches(stored, password));
    const passwordHash = keeps ? stored.passwordHash : await this.hash(password);
    await this.versions.change(async (version) => {
      const current = await this.users.find(name, version);
      const isMember =
        current !== null && (await this.roles.grantedTo('user', current.id)).includes(ACCOUNT_ADMIN);
      if (current !== null && keeps && current.passwordHash === passwordHash && isMember === isAdmin)
        return { statements: [], event: undefined, result: undefined };
      const user = { ...(current ?? newUser(name)), passwordHash, updatedOn: new Date() };
      const changed = keeps ? user : { ...user, credential: randomUUID() };
      const defaultRole = changed.defaultRole === '' && isAdmin ? ACCOUNT_ADMIN : changed.defaultRole;
      const saved = { ...changed, defaultRole };
      const membership = isAdmin
        ? this.roles.addition(ACCOUNT_ADMIN, 'user', saved.id)
        : this.roles.revocation(ACCOUNT_ADMIN, 'user', saved.id);
      const statement = current === null ? this.users.insertion(saved) : this.users.update(saved);
      const detail = { administers: isAdmin, hasNewPassword: !keeps };
      const action = current === null ? 'user.create' : 'user.alter';
      const event = changeEvent(action, OPERATOR, { object: name, detail });
      return { statements: [statement, membership], event, result: undefined };
    });
  }

  /** Gives `root` a password on behalf of the operator. Creates it at the first start. */
  async saveRoot(password: string): Promise<void> {
    await this.save(ROOT, password, { isAdmin: true });
  }

  /** @returns null if no user has the name. */
  async find(name: string): Promise<User | null> {
    return this.users.find(name);
  }

  /** @returns null if no user has the id. */
  async findById(id: string): Promise<User | null> {
    return this.users.findById(id);
  }

  async hasPassword(name: string): Promise<boolean> {
    return ((await this.find(name))?.passwordHash ?? null) !== null;
  }

  /**
   * Checks the password. An unknown user (null) gets the same error as a wrong password, in about the same time.
   *
   * @param wasRight whether the same credentials were right lately: they go before others.
   * @returns the user, who may be disabled.
   * @throws UserError of kind `WrongPassword`, `PasswordRequired` or `TooManyAtOnce`.
   */
  async verify(user: User | null, password: string, wasRight: boolean): Promise<User> {
    const isMatch = await this.matches(user, password, wasRight);
    if (user !== null && isMatch) return user;
    throw password === '' ? missingPassword(user) : wrongPassword(user);
  }

  /** Asserts that `verify` would not refuse a password that was not right lately. @throws UserError of kind `TooManyAtOnce`. */
  assertRoomFor(password: string): void {
    if (password !== '') this.hasher.assertRoom();
  }

  /** @returns null for an empty password. */
  async hash(password: string): Promise<string | null> {
    return password === '' ? null : this.hasher.hash(password);
  }

  /** Without a user (null) no password matches. */
  async matches(user: User | null, password: string, wasRight = false): Promise<boolean> {
    if (password === '') return user?.passwordHash === null;
    return this.hasher.matches(user?.passwordHash ?? null, password, wasRight);
  }
}

/** A user who may do nothing yet. Only `root`, which always exists, has its name as id. */
export function newUser(name: string): User {
  const now = new Date();
  return {
    id: name === ROOT ? ROOT : randomUUID(),
    name,
    passwordHash: null,
    authType: 'double_sha1_password',
    credential: randomUUID(),
    defaultRole: '',
    defaultWarehouse: '',
    isDisabled: false,
    mustChangePassword: false,
    createdOn: now,
    updatedOn: now,
    quota: null,
  };
}

/** Call it for whoever has shown a password or token. @throws UserError of kind `UserDisabled`. */
export function assertEnabled(user: User): void {
  if (user.isDisabled) throw disabledUser(user.name, user);
}

function missingPassword(user: User | null): UserError {
  const message = 'Authentication failed: password is required but was not provided';
  return new UserError('PasswordRequired', message, { context: factsOf(user) });
}

/** The same for a name that nobody has. @param user whose name was sent, for the audit. */
export function wrongPassword(user: User | null = null): UserError {
  const message = 'Authentication failed: incorrect user name or password';
  return new UserError('WrongPassword', message, { context: factsOf(user) });
}

/** Never a name that nobody has: it may be a mistyped password. */
function factsOf(user: User | null): ErrorContext {
  return user === null ? {} : { userId: user.id, user: user.name };
}

/** In Databend's words. */
export function disabledUser(name: string, user: User | null = null): UserError {
  const message = `AuthenticateFailure: user ${name} is disabled. Not allowed to login`;
  return new UserError('UserDisabled', message, { context: factsOf(user) });
}
