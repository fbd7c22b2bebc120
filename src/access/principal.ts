import type { User } from '../users/user.repository.js';

/** Databend's built-in roles: an administrator has the first one, everybody else the second. */
export type Role = 'account_admin' | 'public';

/** The authenticated user of a request, and what decides about the user's rights. */
export interface Principal {
  readonly name: string;
  /** The current role first. */
  readonly roles: readonly [Role, ...Role[]];
  /** The user's credential at sign-in. Tokens and URLs issued to this principal end when the password changes. */
  readonly credential: string;
}

/** The same for every way to sign in. */
export function principalOf({ name, isAdmin, credential }: Omit<User, 'passwordHash'>): Principal {
  return { name, roles: [isAdmin ? 'account_admin' : 'public'], credential };
}

/** Runs commands on the server's own machine. Has no credential, so that tokens and URLs issued to it are invalid. */
export const OPERATOR = principalOf({ name: 'root', isAdmin: true, credential: '' });

/** Databend's notation of a user: `'root'@'%'`. */
export function displayName({ name }: Principal): string {
  return `'${name}'@'%'`;
}
