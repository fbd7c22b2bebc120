import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { MASTER_KEYS, type MasterKeys } from '../keys/master-keys.js';
import { TokenSigner } from '../keys/token-signer.js';
import type { User } from '../users/user.repository.js';
import { UserService } from '../users/user.service.js';
import { AuthError } from './auth-error.js';
import { assertPasswordIfRemote } from './empty-password.js';
import { EndedSessionRepository } from './ended-session.repository.js';
import type { Peer } from './peer.js';
import { principalOf, type Principal } from '../access/principal.js';
import {
  prefixed,
  signedPart,
  tokenExpired,
  tokenNotFound,
  type SessionClaim,
  type SessionTokenKind,
} from './session-token.js';

/** Lifetime of a refresh token as a multiple of its session token's. */
const REFRESH_FACTOR = 4;
/** Accepts a token slightly longer than its announced lifetime, because clients refresh it only after that. */
const GRACE_FACTOR = 1.1;

export interface SessionTokens {
  readonly session_token_ttl_in_secs: number;
  readonly session_token: string;
  readonly refresh_token: string;
}

/** Claims and user of a valid token. */
interface OpenSession {
  readonly claim: SessionClaim;
  readonly user: User;
}

/**
 * Issues and checks session tokens, which any replica can verify. The database holds only sessions that were revoked
 * before their tokens expired.
 */
@Injectable()
export class SessionService {
  readonly #signer: TokenSigner;

  constructor(
    @Inject(MASTER_KEYS) keys: MasterKeys,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
    private readonly users: UserService,
    private readonly ended: EndedSessionRepository,
  ) {
    this.#signer = new TokenSigner(keys, 'session');
  }

  async start(principal: Principal): Promise<SessionTokens> {
    const user = await this.users.find(principal.name);
    if (user?.credential !== principal.credential) throw tokenNotFound('session');
    return this.#issue(user, randomUUID());
  }

  /** @throws AuthError that gives the reason for rejecting the token. */
  async authenticate(token: string, peer: Peer): Promise<Principal> {
    const { user } = await this.#open(token, 'session');
    assertPasswordIfRemote({ name: user.name, hasPassword: user.passwordHash !== null }, peer);
    return principalOf(user);
  }

  /** Issues new tokens for the same session. The old ones stay valid until they expire. */
  async refresh(refreshToken: string | undefined, peer: Peer): Promise<SessionTokens> {
    const { user, claim } = await this.#openForRefresh(refreshToken, peer);
    return this.#issue(user, claim.sessionId);
  }

  /**
   * Checks a refresh token before the rest of the request is read.
   *
   * @throws AuthError that gives the reason for rejecting the token.
   */
  async checkRefreshToken(refreshToken: string | undefined, peer: Peer): Promise<void> {
    await this.#openForRefresh(refreshToken, peer);
  }

  async #openForRefresh(refreshToken: string | undefined, peer: Peer): Promise<OpenSession> {
    if (refreshToken === undefined) {
      throw new AuthError(
        'NoCredentials',
        'Authentication error: send the refresh token, as Authorization: Bearer bend-v1-r-…',
      );
    }
    const session = await this.#open(refreshToken, 'refresh');
    const { name, passwordHash } = session.user;
    assertPasswordIfRemote({ name, hasPassword: passwordHash !== null }, peer);
    return session;
  }

  /** Revokes the session's tokens, refresh tokens included, on all replicas. */
  async end(token: string): Promise<void> {
    const { claim } = await this.#open(token, 'session');
    await this.ended.add(claim.sessionId, new Date(Date.now() + this.#lifeMs('refresh')));
  }

  async #open(token: string, kind: SessionTokenKind): Promise<OpenSession> {
    const claim = this.#signer.verify(signedPart(token, kind)) as SessionClaim | undefined; // signed by #issue
    if (claim?.kind !== kind) throw tokenNotFound(kind);
    if (claim.expires < Date.now()) throw tokenExpired(kind);
    const user = await this.users.find(claim.userName);
    if (user?.credential !== claim.credential || (await this.ended.has(claim.sessionId)))
      throw tokenNotFound(kind);
    return { claim, user };
  }

  #issue(user: User, sessionId: string): SessionTokens {
    return {
      session_token_ttl_in_secs: this.config.sessionTtlSeconds,
      session_token: this.#token('session', user, sessionId),
      refresh_token: this.#token('refresh', user, sessionId),
    };
  }

  #token(kind: SessionTokenKind, user: User, sessionId: string): string {
    const expires = Date.now() + this.#lifeMs(kind);
    const claim: SessionClaim = {
      kind,
      sessionId,
      userName: user.name,
      credential: user.credential,
      expires,
    };
    return prefixed(kind, this.#signer.sign(claim));
  }

  #lifeMs(kind: SessionTokenKind): number {
    return this.config.sessionTtlSeconds * 1000 * GRACE_FACTOR * (kind === 'refresh' ? REFRESH_FACTOR : 1);
  }
}
