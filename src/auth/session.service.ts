import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { MASTER_KEYS, type MasterKeys } from '../keys/master-keys.js';
import { TokenSigner } from '../keys/token-signer.js';
import { disabledUser } from '../users/accounts/user.service.js';
import { TokenSubjects } from './token-subjects.js';
import { AuthError } from './auth-error.js';
import { assertPasswordIfRemote } from './empty-password.js';
import { EndedSessionRepository } from './ended-session.repository.js';
import type { Peer } from './peer.js';
import type { Principal } from '../access/principal.js';
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

/** Claims that all tokens of a session have in common. */
type SessionOrigin = Omit<SessionClaim, 'kind' | 'expires'>;

/** A valid token, and what its user may do now. */
interface OpenSession {
  readonly claim: SessionClaim;
  readonly principal: Principal;
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
    private readonly subjects: TokenSubjects,
    private readonly ended: EndedSessionRepository,
  ) {
    this.#signer = new TokenSigner(keys, 'session');
  }

  start({ userId, credential, token }: Principal): SessionTokens {
    return this.#issue({ sessionId: randomUUID(), userId, credential, apiToken: token?.id });
  }

  /** @throws AuthError that gives the reason for rejecting the token. */
  async authenticate(token: string, peer: Peer): Promise<Principal> {
    return (await this.#open(token, 'session', peer)).principal;
  }

  /** Issues new tokens for the same session. The old ones stay valid until they expire. */
  async refresh(refreshToken: string | undefined, peer: Peer): Promise<SessionTokens> {
    return this.#issue((await this.#openForRefresh(refreshToken, peer)).claim);
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
    return this.#open(refreshToken, 'refresh', peer);
  }

  /** Revokes the session's tokens, refresh tokens included, on all replicas. */
  async end(token: string): Promise<void> {
    const claim = this.#verify(token, 'session');
    await this.ended.add(claim.sessionId, new Date(Date.now() + this.#lifeMs('refresh')));
  }

  async #open(token: string, kind: SessionTokenKind, peer: Peer): Promise<OpenSession> {
    const claim = this.#verify(token, kind);
    const subject = await this.subjects.now(claim);
    if ('end' in subject) throw subject.end === 'disabled' ? disabledUser(subject.name) : tokenNotFound(kind);
    if (await this.ended.has(claim.sessionId)) throw tokenNotFound(kind);
    const { user, principal } = subject;
    const hasPassword = user.passwordHash !== null || claim.apiToken !== undefined;
    assertPasswordIfRemote({ name: user.name, hasPassword }, peer);
    return { claim, principal };
  }

  #verify(token: string, kind: SessionTokenKind): SessionClaim {
    const claim = this.#signer.verify(signedPart(token, kind)) as SessionClaim | undefined; // signed by #issue
    // Those of earlier versions have no user id.
    if (claim?.kind !== kind || typeof claim.userId !== 'string') throw tokenNotFound(kind);
    if (claim.expires < Date.now()) throw tokenExpired(kind);
    return claim;
  }

  #issue(session: SessionOrigin): SessionTokens {
    return {
      session_token_ttl_in_secs: this.config.sessionTtlSeconds,
      session_token: this.#token('session', session),
      refresh_token: this.#token('refresh', session),
    };
  }

  #token(kind: SessionTokenKind, { sessionId, userId, credential, apiToken }: SessionOrigin): string {
    const expires = Date.now() + this.#lifeMs(kind);
    const claim: SessionClaim = { kind, sessionId, userId, credential, apiToken, expires };
    return prefixed(kind, this.#signer.sign(claim));
  }

  #lifeMs(kind: SessionTokenKind): number {
    return this.config.sessionTtlSeconds * 1000 * GRACE_FACTOR * (kind === 'refresh' ? REFRESH_FACTOR : 1);
  }
}
