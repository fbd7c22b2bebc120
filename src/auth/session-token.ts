import { AuthError } from './auth-error.js';

export type SessionTokenKind = 'session' | 'refresh';

/** What a session token states: whose it is, and for how long. */
export interface SessionClaim {
  readonly kind: SessionTokenKind;
  readonly sessionId: string;
  readonly userName: string;
  /** Changes with the user's password, and ends the session then. */
  readonly credential: string;
  /** Milliseconds since the epoch. */
  readonly expires: number;
}

/** How Databend's tokens begin; clients take them as they are. */
const PREFIXES: Readonly<Record<SessionTokenKind, string>> = {
  session: 'bend-v1-s-',
  refresh: 'bend-v1-r-',
};

export function prefixed(kind: SessionTokenKind, signed: string): string {
  return PREFIXES[kind] + signed;
}

/**
 * The signed part of a token of the kind that is wanted.
 *
 * @throws AuthError in Databend's words.
 */
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
