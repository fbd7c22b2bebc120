import { OPERATOR, type Principal, type RoleRef } from '../../src/access/principal.js';
import { grantKey, PUBLIC, type GrantableKind, type GrantSet, type Rights } from '../../src/access/rights.js';

/** A privilege on an object; the service has no id. */
export interface GivenRight {
  readonly privilege: string;
  readonly kind: GrantableKind;
  readonly id?: string;
}

/** What a principal has. What comes by a secondary role creates nothing. */
export interface Given {
  readonly grants?: readonly GivenRight[];
  /** Ids, which are the names as well. */
  readonly roles?: readonly string[];
  readonly bySecondaryRole?: { readonly roles?: readonly string[]; readonly grants?: readonly GivenRight[] };
}

/** Whoever may do everything. */
export function administrator(): Principal {
  return { ...OPERATOR, credential: 'credential of root' };
}

/** A user who has what is given, and the role of everybody. The id is the name. */
export function plainUser(name: string, given: Given = {}): Principal {
  const { grants = [], roles = [], bySecondaryRole = {} } = given;
  const { roles: secondaryRoles = [], grants: secondaryGrants = [] } = bySecondaryRole;
  const [currentRole = roleRef(PUBLIC)] = roles.map(roleRef);
  const others = [...roles, ...secondaryRoles, PUBLIC].filter((id) => id !== currentRole.id);
  return {
    userId: name,
    name,
    credential: `credential of ${name}`,
    mustChangePassword: false,
    ownStageQuota: null,
    currentRole,
    roles: [currentRole, ...others.map(roleRef)],
    availableRoles: [currentRole.id, ...others].sort().map(roleRef),
    rights: rightsOf([currentRole.id, ...others], [...grants, ...secondaryGrants]),
    currentRights: rightsOf([...roles, PUBLIC], grants),
  };
}

/** As `GrantRepository` makes it. */
export function grantSet(grants: readonly GivenRight[]): GrantSet {
  const set = new Map<string, Set<string>>();
  for (const { privilege, kind, id = '' } of grants) {
    const key = grantKey(kind, id);
    set.set(key, (set.get(key) ?? new Set()).add(privilege));
  }
  return set;
}

function rightsOf(roles: readonly string[], grants: readonly GivenRight[]): Rights {
  return { roles: new Set(roles), grants: grants.length === 0 ? [] : [grantSet(grants)] };
}

function roleRef(id: string): RoleRef {
  return { id, name: id };
}
