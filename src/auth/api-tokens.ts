import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Principal } from '../access/principal.js';
import { loggedError } from '../common/telemetry/logged-error.js';
import type { User } from '../users/accounts/user.js';
import { assertEnabled, UserService } from '../users/accounts/user.service.js';
import { Principals } from '../users/principals/principals.js';
import { isExpired, tokenDigest, type ApiToken } from '../users/tokens/api-token.js';
import { ApiTokenRepository } from '../users/tokens/api-token.repository.js';
import { AuthError } from './auth-error.js';

/** How exact the time of a token's last use is. Each use would be a write otherwise. */
const USE_PRECISION_MS = 60_000;

/** Authenticates API tokens, and remembers when each was used. */
@Injectable()
export class ApiTokens implements OnApplicationShutdown {
  readonly #logger = new Logger('ApiTokens');
  #uses = new Map<string, Date>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly tokens: ApiTokenRepository,
    private readonly users: UserService,
    private readonly principals: Principals,
  ) {}

  /** @returns undefined if there is no such token. @throws AuthError or UserError that says why the token is not accepted. */
  async authenticate(text: string): Promise<Principal | undefined> {
    const token = await this.tokens.findByDigest(tokenDigest(text));
    if (token === null) return undefined;
    if (isExpired(token)) {
      const expiredAt = token.expiresOn?.toISOString() ?? '';
      throw new AuthError('ApiTokenExpired', `Authentication failed: the API token expired at ${expiredAt}`);
    }
    const user = await this.users.findById(token.userId);
    if (user === null) return undefined;
    assertEnabled(user);
    return this.#principalOf(token, user);
  }

  /** For what was issued to a token of this user. @returns undefined if the token was revoked, or has expired. */
  async principalById(id: string, user: User): Promise<Principal | undefined> {
    const token = await this.tokens.findById(id);
    if (token?.userId !== user.id || isExpired(token)) return undefined;
    return this.#principalOf(token, user);
  }

  async onApplicationShutdown(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#recordUses();
  }

  #principalOf(token: ApiToken, user: User): Promise<Principal> {
    this.#noteUse(token);
    return this.principals.ofToken(user, { id: token.id, scope: token.scope });
  }

  #noteUse({ id }: ApiToken): void {
    this.#uses.set(id, new Date());
    this.#timer ??= setTimeout(() => void this.#recordUses(), USE_PRECISION_MS).unref();
  }

  async #recordUses(): Promise<void> {
    const uses = this.#uses;
    this.#uses = new Map();
    this.#timer = undefined;
    try {
      await this.tokens.touch(uses);
    } catch (error) {
      this.#logger.warn({ msg: 'the last use of API tokens is not recorded', error: loggedError(error) });
    }
  }
}

export function unknownApiToken(): AuthError {
  return new AuthError(
    'UnknownApiToken',
    'Authentication failed: there is no such API token. It was mistyped, or revoked: ask for a new one.',
  );
}
