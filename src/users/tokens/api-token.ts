import { createHash, randomBytes } from 'node:crypto';
import type { TokenScope } from '../../access/token-scope.js';

/** Begins every token, so that tools which search for secrets find it. */
export const TOKEN_PREFIX = 'sd_';
const SECRET_BYTES = 32;

/** A token of a user, for programs. The token itself is shown once, and kept nowhere. */
export interface ApiToken {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  /** SHA-256 of the token. A slow hash is for passwords, which can be guessed. */
  readonly digest: string;
  /** Undefined for a token that may do all that its user may. */
  readonly scope: TokenScope | undefined;
  readonly createdOn: Date;
  readonly expiresOn: Date | undefined;
  readonly lastUsedOn: Date | undefined;
}

export function newTokenText(): string {
  return TOKEN_PREFIX + randomBytes(SECRET_BYTES).toString('base64url');
}

/** Can the text be a token? A password may begin in the same way. */
export function isTokenText(text: string): boolean {
  return text.startsWith(TOKEN_PREFIX);
}

export function tokenDigest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

export function isExpired({ expiresOn }: ApiToken): boolean {
  return expiresOn !== undefined && expiresOn.getTime() <= Date.now();
}
