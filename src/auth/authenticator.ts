import { hash, randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { UserError } from '../users/user-error.js';
import type { BasicCredentials } from './basic-credentials.js';
import { assertPasswordIfRemote } from './empty-password.js';
import type { Peer } from './peer.js';
import type { Principal } from '../access/principal.js';
import { MAX_NAME_LENGTH } from '../users/accounts/plain-name.js';
import { assertEnabled, UserService, wrongPassword } from '../users/accounts/user.service.js';
import type { User } from '../users/accounts/user.js';
import { Principals } from '../users/principals/principals.js';
import { isTokenText } from '../users/tokens/api-token.js';
import { ApiTokens } from './api-tokens.js';
import { SignInThrottle } from './throttle/sign-in-throttle.js';

/** Time for which verified credentials are cached: a slow hash on every request would dominate its time. */
const REMEMBERED_MS = 3_600_000;
const REMEMBERED_CREDENTIALS = 10_000;

/** Credentials that were right. */
interface Verified {
  readonly user: Promise<User>;
  /** From where they came last, as the throttle knows. */
  address: string;
}

/** Authenticates credentials. */
@Injectable()
export class Authenticator {
  /**
   * By digests of credentials. The digest key exists in this process only, and no password is kept. Concurrent requests share one
   * verification.
   */
  readonly #verified = new LRUCache<string, Verified>({
    max: REMEMBERED_CREDENTIALS,
    ttl: REMEMBERED_MS,
    ttlResolution: 1000, // by default it asks for the time, and starts a timer, once a millisecond
  });
  readonly #digestKey = randomBytes(32).toString('base64');

  constructor(
    private readonly users: UserService,
    private readonly principals: Principals,
    private readonly apiTokens: ApiTokens,
    private readonly throttle: SignInThrottle,
  ) {}

  /** @throws AuthError or UserError that gives the reason. */
  async authenticate(credentials: BasicCredentials, peer: Peer): Promise<Principal> {
    const byToken = await this.#byToken(credentials);
    if (byToken !== undefined) return byToken;
    const user = await this.#verifyCached(credentials, peer);
    assertEnabled(user); // after the password, which was no guess
    assertPasswordIfRemote({ name: user.name, hasPassword: credentials.password !== '' }, peer);
    return this.principals.of(user);
  }

  /** Accepts an API token in place of the password, for clients that know Basic authentication only. */
  async #byToken({ name, password }: BasicCredentials): Promise<Principal | undefined> {
    if (!isTokenText(password)) return undefined;
    const principal = await this.apiTokens.authenticate(password);
    return principal?.name === name ? principal : undefined; // or a password that looks like a token
  }

  async #verifyCached(credentials: BasicCredentials, peer: Peer): Promise<User> {
    // Everybody knows that it is nobody's: a hash would hide nothing.
    if (credentials.name.length > MAX_NAME_LENGTH) throw wrongPassword();
    const secret = JSON.stringify([credentials.name, credentials.password]);
    const digest = hash('sha256', this.#digestKey + secret, 'base64');
    const cached = this.#verified.get(digest);
    if (cached !== undefined) {
      const verified = await cached.user;
      const user = await this.users.find(credentials.name);
      if (user?.credential === verified.credential) {
        if (cached.address !== peer.address)
          this.throttle.remember({ address: peer.address, credentials: digest });
        cached.address = peer.address;
        return user;
      }
      this.#verified.delete(digest); // the password was changed, perhaps by another server
    }
    const user = this.#verify(credentials, peer, digest);
    this.#verified.set(digest, { user, address: peer.address });
    try {
      return await user;
    } catch (error) {
      this.#verified.delete(digest);
      throw error;
    }
  }

  async #verify({ name, password }: BasicCredentials, peer: Peer, digest: string): Promise<User> {
    const user = await this.users.find(name);
    const attempt = { name, isKnownName: user !== null, address: peer.address, credentials: digest };
    await this.throttle.begin(attempt, () => {
      this.users.assertRoomFor(password);
    });
    try {
      const verified = await this.users.verify(user, password, this.throttle.wasRight(attempt));
      await this.throttle.succeed(attempt);
      return verified;
    } catch (error) {
      if (error instanceof UserError && error.kind !== 'TooManyAtOnce') await this.throttle.fail(attempt);
      else await this.throttle.refund(attempt);
      throw error;
    }
  }
}
