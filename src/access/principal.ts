import type { User } from '../users/user.repository.js';

/** Databend's built-in roles: an administrator has the first one, everybody else the second. */
export type Role = 'account_admin' | 'public';

/** Who asks now, and what decides about its rights. */
export interface Principal {
  readonly name: string;
  /** The current one first. */
  readonly roles: readonly [Role, ...Role[]];
  /** The user's when this one was let in: what is given out now ends with the password that was shown. */
  readonly credential: string;
}

/** However the user has proved to be who it is. */
export function principalOf({ name, isAdmin, credential }: Omit<User, 'passwordHash'>): Principal {
  return { name, roles: [isAdmin ? 'account_admin' : 'public'], credential };
}

/** Who runs a command on the server's own machine. It has shown no password, so that nothing it gives out is good later. */
export const OPERATOR = principalOf({ name: 'root', isAdmin: true, credential: '' });

/** As Databend writes a user: `'root'@'%'`. */
export function displayName({ name }: Principal): string {
  return `'${name}'@'%'`;
}
