import type { AuthType } from '../../users/accounts/user.js';

export interface Authentication {
  /** Undefined for Databend's default, or for the type that the user has. */
  readonly type?: AuthType | undefined;
  readonly secret?: string | undefined;
}

/** Options of a user. Absent ones stay as they are. */
export interface UserOptions {
  /** The name of a role; empty for none. */
  readonly defaultRole?: string | undefined;
  readonly defaultWarehouse?: string | undefined;
  readonly isDisabled?: boolean | undefined;
  readonly mustChangePassword?: boolean | undefined;
}

export interface NewUser {
  readonly name: string;
  readonly authentication: Authentication;
  readonly options?: UserOptions | undefined;
  /** Names of roles that the user gets at once. */
  readonly roles?: readonly string[] | undefined;
  readonly orReplace?: boolean | undefined;
  readonly ifNotExists?: boolean | undefined;
}

export interface UserChange {
  readonly authentication?: Authentication | undefined;
  readonly options?: UserOptions | undefined;
}

/** Fate of the files in the own stage of a user who is dropped. */
export type FilesOfDropped =
  { readonly kind: 'remove' } | { readonly kind: 'give'; readonly to: string } | undefined;
