import type { Quota } from './quota.js';
import { ACCOUNT_ADMIN, PUBLIC, type Rights } from './rights.js';
import type { TokenScope } from './token-scope.js';

export interface RoleRef {
  readonly id: string;
  readonly name: string;
}

/** The API token that a request came with. */
export interface TokenRef {
  readonly id: string;
  /** Undefined for a token that may do all that its user may. */
  readonly scope: TokenScope | undefined;
}

/** How a request came: by REST, as a statement, or by a presigned URL. */
export type RequestChannel = 'rest' | 'sql' | 'presigned';

/** Where a request came from, for the audit. */
export interface RequestOrigin {
  /** The client's, as far as the server knows; empty if it has disconnected. */
  readonly address: string;
  readonly requestId: string;
  readonly via: RequestChannel;
  /** The first stage that the request has asked for. Without an id, it was not found. */
  stage?: { readonly name: string; readonly id?: string | undefined };
}

/** The authenticated user of a request, and what decides about the user's rights. */
export interface Principal {
  /** Unique for each creation of a user: what is kept for a user is kept under it. */
  readonly userId: string;
  readonly name: string;
  /** The user's credential at sign-in. Tokens and URLs issued to this principal end when the password changes. */
  readonly credential: string;
  readonly mustChangePassword: boolean;
  /** Limits the user's own stage. */
  readonly ownStageQuota: Quota | null;
  /** Owns what the principal creates. */
  readonly currentRole: RoleRef;
  /** The roles in effect, the current one first. */
  readonly roles: readonly [RoleRef, ...RoleRef[]];
  /** All roles that the user has, ordered by name: those that it may choose as its current and secondary roles. */
  readonly availableRoles: readonly RoleRef[];
  /** Rights that the user and all roles in effect give. */
  readonly rights: Rights;
  /** Rights that the user and the current role give. Secondary roles create nothing. */
  readonly currentRights: Rights;
  /** Undefined for a password. */
  readonly token?: TokenRef | undefined;
  /** Absent for what is no request. */
  readonly origin?: RequestOrigin | undefined;
}

const ADMIN_ROLE: RoleRef = { id: ACCOUNT_ADMIN, name: ACCOUNT_ADMIN };
const EVERYBODY: RoleRef = { id: PUBLIC, name: PUBLIC };
const ADMIN_RIGHTS: Rights = { roles: new Set([ACCOUNT_ADMIN, PUBLIC]), grants: [] };

/** Runs commands on the server's own machine. Has no credential, so that tokens and URLs issued to it are invalid. */
export const OPERATOR: Principal = {
  userId: 'root',
  name: 'root',
  credential: '',
  mustChangePassword: false,
  ownStageQuota: null,
  currentRole: ADMIN_ROLE,
  roles: [ADMIN_ROLE, EVERYBODY],
  availableRoles: [ADMIN_ROLE, EVERYBODY],
  rights: ADMIN_RIGHTS,
  currentRights: ADMIN_RIGHTS,
};

/** Databend's notation of a user: `'root'@'%'`. */
export function displayName({ name }: { readonly name: string }): string {
  return `'${name}'@'%'`;
}
