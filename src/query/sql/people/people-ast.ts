/** A statement about users, roles and grants. SHOW and SELECT of them stand in `ast.ts`, with their clauses. */
export type PeopleStatement =
  | CreateUser
  | AlterUser
  | DropUser
  | { readonly kind: 'describe-user'; readonly name: string }
  | CreateRole
  | AlterRole
  | { readonly kind: 'drop-role'; readonly name: string; readonly ifExists: boolean }
  | Grant
  | Revoke
  | GrantRole
  | RevokeRole
  | GrantOwnership
  /** `SET ROLE r`, for the session. */
  | { readonly kind: 'set-role'; readonly role: string }
  /** `SET DEFAULT ROLE r`, for the caller's later sessions. */
  | { readonly kind: 'set-default-role'; readonly role: string }
  | { readonly kind: 'set-secondary-roles'; readonly roles: 'all' | 'none' | readonly string[] };

/** Names of users and roles keep their case. A user has no host: `'u'@'%'` is `u`. */
export interface CreateUser {
  readonly kind: 'create-user';
  readonly name: string;
  readonly orReplace: boolean;
  readonly ifNotExists: boolean;
  readonly authentication: Authentication;
  readonly options: UserOptions;
}

export interface AlterUser {
  readonly kind: 'alter-user';
  /** Undefined for `USER()`, which is the caller. */
  readonly user: string | undefined;
  /** Undefined without IDENTIFIED. */
  readonly authentication: Authentication | undefined;
  readonly options: UserOptions;
}

/** `IDENTIFIED [WITH type] [BY 'secret']` */
export interface Authentication {
  readonly type: AuthType | undefined;
  /** A password. It must not be shown, logged or stored. */
  readonly secret: string | undefined;
}

export type AuthType = 'no_password' | 'sha256_password' | 'double_sha1_password';

/** Options that follow WITH. An option that is not given is not there. The last of the same name counts. */
export interface UserOptions {
  readonly defaultRole?: string;
  readonly defaultWarehouse?: string;
  readonly disabled?: boolean;
  readonly mustChangePassword?: boolean;
  readonly tenantSetting?: boolean;
}

export interface DropUser {
  readonly kind: 'drop-user';
  readonly name: string;
  readonly ifExists: boolean;
  /** Fate of the user's own files. Databend has no such clause. Undefined without one. */
  readonly files: { readonly kind: 'remove' } | { readonly kind: 'give'; readonly to: string } | undefined;
}

export interface CreateRole {
  readonly kind: 'create-role';
  readonly name: string;
  readonly ifNotExists: boolean;
  readonly comment: string | undefined;
}

export interface AlterRole {
  readonly kind: 'alter-role';
  readonly name: string;
  readonly ifExists: boolean;
  /** Null for `UNSET COMMENT`. */
  readonly comment: string | null;
}

export interface Grant {
  readonly kind: 'grant';
  readonly source: GrantSource;
  readonly grantee: Grantee;
}

export interface Revoke {
  readonly kind: 'revoke';
  readonly source: GrantSource;
  readonly grantee: Grantee;
}

/** Privileges, each once, and what they are on. */
export type GrantSource =
  /** `ON *.*` */
  | { readonly on: 'service'; readonly privileges: readonly ServicePrivilege[] | 'all' }
  /** ALL is both. */
  | { readonly on: 'stage'; readonly name: string; readonly privileges: readonly StagePrivilege[] }
  /** A connection has one privilege, which is `ACCESS CONNECTION`. */
  | { readonly on: 'connection'; readonly name: string };

export interface Grantee {
  readonly kind: 'user' | 'role';
  readonly name: string;
}

export interface GrantRole {
  readonly kind: 'grant-role';
  readonly role: string;
  readonly grantee: Grantee;
}

export interface RevokeRole {
  readonly kind: 'revoke-role';
  readonly role: string;
  readonly grantee: Grantee;
}

/** `GRANT OWNERSHIP ON … TO ROLE role` */
export interface GrantOwnership {
  readonly kind: 'grant-ownership';
  readonly object: GrantedObject;
  readonly role: string;
}

export interface GrantedObject {
  readonly on: 'stage' | 'connection';
  readonly name: string;
}

/** Privileges on a stage, as Databend shows them. */
export type StagePrivilege = 'Read' | 'Write';

/** Privileges that `GRANT … ON *.*` takes, as Databend shows them. Most are about what only a warehouse has. */
export type ServicePrivilege =
  | 'USAGE'
  | 'SELECT'
  | 'INSERT'
  | 'UPDATE'
  | 'DELETE'
  | 'ALTER'
  | 'SUPER'
  | 'GRANT'
  | 'SET'
  | 'CREATE'
  | 'CREATE USER'
  | 'CREATE ROLE'
  | 'CREATE STAGE'
  | 'CREATE CONNECTION'
  | 'CREATE DATABASE'
  | 'CREATE WAREHOUSE'
  | 'CREATE SEQUENCE'
  | 'CREATE PROCEDURE'
  | 'CREATE MASKING POLICY'
  | 'CREATE ROW ACCESS POLICY'
  | 'DROP'
  | 'DROP USER'
  | 'DROP ROLE'
  | 'ACCESS CONNECTION'
  | 'ACCESS SEQUENCE'
  | 'ACCESS PROCEDURE'
  | 'APPLY MASKING POLICY'
  | 'APPLY ROW ACCESS POLICY';
