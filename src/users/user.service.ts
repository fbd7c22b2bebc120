import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { PasswordHasher } from './password-hasher.js';
import { UserError } from './user-error.js';
import { UserRepository, type User } from './user.repository.js';

export const ROOT = 'root';

/** A user's name is a component of the object keys in the user's own stage. */
const MAX_NAME_LENGTH = 63;
const USER_NAME = /^[\p{L}\p{N}_][\p{L}\p{N}_.@$-]{0,62}$/u;

@Injectable()
export class UserService {
  constructor(
    private readonly users: UserRepository,
    private readonly hasher: PasswordHasher,
  ) {}

  /** Creates or changes a user. @throws UserError of kind `InvalidUserName`. */
  async save(name: string, password: string, { isAdmin }: { readonly isAdmin: boolean }): Promise<void> {
    if (!USER_NAME.test(name)) {
      const rule = 'letters, digits and _ . @ $ -, at most 63, the first one a letter, a digit or _';
      throw new UserError('InvalidUserName', `User name ${JSON.stringify(name)} cannot be used: ${rule}.`);
    }
    const stored = await this.users.find(name);
    if (stored !== null && (await this.matches(stored, password))) {
      if (stored.isAdmin !== isAdmin) await this.users.save({ ...stored, isAdmin });
      return;
    }
    const passwordHash = password === '' ? null : await this.hasher.hash(password);
    await this.users.save({ name, passwordHash, isAdmin, credential: randomUUID() });
  }

  /** @returns null if no user has the name. */
  async find(name: string): Promise<User | null> {
    return name.length > MAX_NAME_LENGTH ? null : this.users.find(name);
  }

  async hasPassword(name: string): Promise<boolean> {
    return ((await this.find(name))?.passwordHash ?? null) !== null;
  }

  /**
   * Checks the password. An unknown user (null) gets the same error as a wrong password, in about the same time.
   *
   * @returns the user.
   * @throws UserError of kind `WrongPassword` or `PasswordRequired`.
   */
  async verify(user: User | null, password: string): Promise<User> {
    const isMatch = await this.matches(user, password);
    if (user !== null && isMatch) return user;
    throw password === ''
      ? new UserError('PasswordRequired', 'Authentication failed: password is required but was not provided')
      : new UserError('WrongPassword', 'Authentication failed: incorrect user name or password');
  }

  private async matches(user: User | null, password: string): Promise<boolean> {
    if (password === '') return user?.passwordHash === null;
    return this.hasher.matches(user?.passwordHash ?? null, password);
  }
}
