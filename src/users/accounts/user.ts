import type { Quota } from '../../access/quota.js';

/** Databend's words for kinds of authentication by a password, or by none. */
export const AUTH_TYPES = ['no_password', 'sha256_password', 'double_sha1_password'] as const;
export type AuthType = (typeof AUTH_TYPES)[number];

export interface User {
  /** Unique for each creation. */
  readonly id: string;
  readonly name: string;
  /** Null for an empty password. */
  readonly passwordHash: string | null;
  readonly authType: AuthType;
  /** Changes with each password. */
  readonly credential: string;
  /** The name of a role; empty for none. */
  readonly defaultRole: string;
  readonly defaultWarehouse: string;
  readonly isDisabled: boolean;
  readonly mustChangePassword: boolean;
  readonly createdOn: Date;
  readonly updatedOn: Date;
  /** Of the user's own stage. */
  readonly quota: Quota | null;
}

/** The user that always exists. The settings give its password. */
export const ROOT = 'root';

/** The type that clients are shown. A user without a password needs none, whatever the type. */
export function shownAuthType({ authType, passwordHash }: User): AuthType {
  return passwordHash === null ? 'no_password' : authType;
}
