import { Inject, Injectable } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import type { AuthType, User } from '../../users/accounts/user.js';
import { UserService } from '../../users/accounts/user.service.js';
import { UserError } from '../../users/user-error.js';
import type { Authentication } from './new-user.js';

/** The most characters of a password: to hash a longer text would only take time. */
const MAX_LENGTH = 256;
const DEFAULT_TYPE: AuthType = 'double_sha1_password';

/** The stored part of a way to authenticate. */
export interface StoredAuthentication {
  readonly authType: AuthType;
  readonly passwordHash: string | null;
}

/** Checks and hashes new passwords. */
@Injectable()
export class NewPasswords {
  constructor(
    private readonly users: UserService,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * Whatever the type, a password is stored as argon2id: Databend's types are weak digests, and clients send the password itself.
   *
   * @param current the type that the user has. A password for a user without one gives it Databend's default type: dropping the password would
   *   leave the user open.
   * @throws UserError of kind `InvalidPassword` or `PasswordNeeded`.
   */
  async store(
    { type, secret }: Authentication,
    current: AuthType = DEFAULT_TYPE,
  ): Promise<StoredAuthentication> {
    const isFirst = type === undefined && current === 'no_password' && secret !== undefined;
    const authType = isFirst ? DEFAULT_TYPE : (type ?? current);
    if (authType === 'no_password') return { authType, passwordHash: null };
    if (secret === undefined) throw new UserError('PasswordNeeded', 'need password');
    this.check(secret);
    return { authType, passwordHash: await this.users.hash(secret) };
  }

  /**
   * For a user who must change the password: who handed it over knows it.
   *
   * @throws UserError of kind `InvalidPassword` for the password that the user has.
   */
  async assertNew(password: string | undefined, user: User): Promise<void> {
    if (password === undefined || !(await this.users.matches(user, password))) return;
    throw new UserError('InvalidPassword', 'Invalid password: the new password must be another one');
  }

  /** @throws UserError of kind `InvalidPassword` for one that is too short or too long. */
  check(password: string): void {
    const min = this.config.passwordMinLength;
    const { length } = password;
    if (length >= min && length <= MAX_LENGTH) return;
    throw new UserError(
      'InvalidPassword',
      `Invalid password: expect length range ${String(min)} to ${String(MAX_LENGTH)}, but got ${String(length)}`,
    );
  }
}
