/** Kinds of objects that privileges can be granted on. */
export type GrantableKind = 'service' | 'stage' | 'connection';

/** Grants of one grantee: by `grantKey`, the privileges in Databend's words. */
export type GrantSet = ReadonlyMap<string, ReadonlySet<string>>;

export function grantKey(kind: GrantableKind, id: string): string {
  return `${kind} ${id}`;
}

/** Roles and privileges that a set of roles, perhaps with a user, gives. */
export interface Rights {
  /** Ids of the roles. */
  readonly roles: ReadonlySet<string>;
  readonly grants: readonly GrantSet[];
}

/** The id of the role of administrators, who may do everything, and have all roles. */
export const ACCOUNT_ADMIN = 'account_admin';
/** The id of the role that everybody has. */
export const PUBLIC = 'public';

export function isAdministrator({ roles }: Rights): boolean {
  return roles.has(ACCOUNT_ADMIN);
}

/** Do the rights include the privilege by a grant on this object? */
export function isGranted({ grants }: Rights, privilege: string, kind: GrantableKind, id: string): boolean {
  const key = grantKey(kind, id);
  return grants.some((set) => set.get(key)?.has(privilege) === true);
}
