import type { TokenSubject } from './token-subjects.js';
import { AuthError } from './auth-error.js';

export type SessionTokenKind = 'session' | 'refresh';

/** Claims of a session token. */
export interface SessionClaim extends TokenSubject {
  readonly kind: SessionTokenKind;
  readonly sessionId: string;
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

/** Databend's token prefixes; clients treat tokens as opaque. */
const PREFIXES: Readonly<Record<SessionTokenKind, string>> = {
  session: 'bend-v1-s-',
  refresh: 'bend-v1-r-',
};

export function prefixed(kind: SessionTokenKind, signed: string): string {
  return PREFIXES[kind] + signed;
}

/** Returns the signed part of a token of the expected kind. @throws AuthError with Databend's message. */
export function signedPart(token: string, wanted: SessionTokenKind): string {
  if (token.startsWith(PREFIXES[wanted])) return token.slice(PREFIXES[wanted].length);
  const isOther = Object.values(PREFIXES).some((prefix) => token.startsWith(prefix));
  throw isOther
    ? new AuthError('WrongTokenType', 'Authentication error: incorrect token type for this endpoint')
    : new AuthError(
        'UnsupportedScheme',
        'JWT authentication failed: JWT auth is not configured on this server',
      );
}

export function tokenNotFound(kind: SessionTokenKind): AuthError {
  return kind === 'session'
    ? new AuthError('SessionTokenNotFound', 'Authentication failed: session token not found in database')
    : new AuthError('RefreshTokenNotFound', 'Authentication failed: refresh token not found in database');
}

export function tokenExpired(kind: SessionTokenKind): AuthError {
  return kind === 'session'
    ? new AuthError('SessionTokenExpired', 'Authentication failed: session token has expired')
    : new AuthError('RefreshTokenExpired', 'Authentication failed: refresh token has expired');
}
