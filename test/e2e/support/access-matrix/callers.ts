import { TOKEN_PREFIX } from '../../../../src/users/tokens/api-token.js';

/** A right on the stage `shared`. */
export type StageRight = 'Read' | 'Write' | 'Own';

/** The limits of a caller's API token, by names of stages. */
export interface Scope {
  readonly stages?: readonly string[];
  readonly privileges: readonly ('Read' | 'Write')[];
}

/** Who asks: what the caller has, and how it signs in. The state gives exactly that, and the rules read nothing else. */
export interface Caller {
  readonly name: string;
  readonly credentials:
    | 'none'
    | 'wrong password'
    | 'password'
    | 'session token'
    | 'API token'
    | 'expired token'
    | 'revoked token';
  readonly isDisabled?: boolean;
  readonly mustChangePassword?: boolean;
  /** Rights on the stage `shared`. */
  readonly onShared?: readonly StageRight[];
  /** How it has the rights. */
  readonly by?: 'user' | 'role' | 'role in a role';
  /** Privileges on the service, by a role. */
  readonly words?: readonly string[];
  /** Is the role that gives them the current one? */
  readonly isCurrent?: boolean;
  readonly usesConnection?: boolean;
  readonly administers?: boolean;
  /** In a statement's session, no role is in effect but that of everybody. */
  readonly rolesOff?: boolean;
  readonly scope?: Scope;
}

const BOTH = ['Read', 'Write'] as const;

export const CALLERS: readonly Caller[] = [
  { name: 'anonymous', credentials: 'none' },
  { name: 'wrong password', credentials: 'wrong password', onShared: BOTH },
  { name: 'disabled', credentials: 'password', isDisabled: true, onShared: BOTH },
  { name: 'expired token', credentials: 'expired token', onShared: BOTH },
  { name: 'revoked token', credentials: 'revoked token', onShared: BOTH },
  { name: 'must change', credentials: 'password', mustChangePassword: true, onShared: BOTH },
  {
    name: 'administrator who must change',
    credentials: 'password',
    mustChangePassword: true,
    administers: true,
  },
  { name: 'no grant', credentials: 'password' },
  { name: 'READ', credentials: 'password', onShared: ['Read'] },
  { name: 'WRITE', credentials: 'password', onShared: ['Write'] },
  { name: 'READ and WRITE', credentials: 'password', onShared: BOTH },
  { name: 'owner', credentials: 'password', onShared: ['Own'], by: 'role' },
  { name: 'READ by role', credentials: 'password', onShared: ['Read'], by: 'role' },
  { name: 'WRITE by a role in a role', credentials: 'password', onShared: ['Write'], by: 'role in a role' },
  { name: 'roles off', credentials: 'password', onShared: BOTH, by: 'role', rolesOff: true },
  { name: 'reader of all', credentials: 'password', words: ['Read'] },
  { name: 'creator', credentials: 'password', words: ['CREATE STAGE', 'CREATE CONNECTION'], isCurrent: true },
  {
    name: 'creator by a secondary role',
    credentials: 'password',
    words: ['CREATE STAGE', 'CREATE CONNECTION'],
  },
  { name: 'super', credentials: 'password', words: ['SUPER'], isCurrent: true },
  { name: 'granter', credentials: 'password', words: ['GRANT'] },
  {
    name: 'personnel',
    credentials: 'password',
    words: ['ALTER', 'CREATE USER', 'DROP USER', 'CREATE ROLE', 'DROP ROLE'],
  },
  { name: 'connection', credentials: 'password', usesConnection: true },
  { name: 'session token', credentials: 'session token', onShared: BOTH },
  { name: 'token of all', credentials: 'API token', onShared: BOTH },
  {
    name: 'token of an administrator',
    credentials: 'API token',
    administers: true,
    scope: { privileges: ['Read'] },
  },
  {
    name: 'token of another stage',
    credentials: 'API token',
    onShared: BOTH,
    scope: { stages: ['other', '~'], privileges: BOTH },
  },
  {
    name: 'token for writing',
    credentials: 'API token',
    onShared: BOTH,
    scope: { stages: ['shared'], privileges: ['Write'] },
  },
  { name: 'administrator', credentials: 'password', administers: true },
];

export const PASSWORD = 'password of all callers';

export function userId({ name }: Pick<Caller, 'name'>): string {
  return `id of ${name}`;
}

export function tokenText({ name }: Caller): string {
  return `${TOKEN_PREFIX}${Buffer.from(name).toString('base64url')}`;
}

export function isIn({ credentials, isDisabled = false }: Caller): boolean {
  return !isDisabled && ['password', 'session token', 'API token'].includes(credentials);
}
