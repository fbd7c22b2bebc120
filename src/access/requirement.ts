import { requirePrivilege, requireSettledPassword } from './access.js';
import type { Principal } from './principal.js';
import { SERVICE, SESSION, type ObjectKind, type ObjectOf, type Privileges } from './privileges.js';

/** Declares what a route or a statement requires on an object of a kind. Of several privileges, the request decides which one. */
export type Requirement<Kind extends ObjectKind = ObjectKind> = {
  readonly [Each in Kind]: {
    readonly kind: Each;
    readonly privileges: readonly [Privileges[Each], ...Privileges[Each][]];
  };
}[Kind];

/** One privilege, or several. */
export type PrivilegeChoice<Kind extends ObjectKind> = Privileges[Kind] | Requirement<Kind>['privileges'];

export function needs<Kind extends ObjectKind>(privilege: PrivilegeChoice<Kind>, kind: Kind): Requirement {
  const requirement: Requirement<Kind> = {
    kind,
    privileges: typeof privilege === 'string' ? [privilege] : privilege,
  };
  return requirement as Requirement; // a member of the union: the compiler cannot see it while `Kind` is generic
}

/** Objects that exist once, and need no look-up. */
const SINGLETONS: { readonly [Kind in ObjectKind]: ObjectOf<Kind> | undefined } = {
  service: SERVICE,
  session: SESSION,
  stage: undefined,
  connection: undefined,
  user: undefined,
  role: undefined,
  right: undefined,
  upload: undefined,
};

/**
 * Checks a requirement on the service or on the caller's session. The service that finds any other object by its name or id
 * checks the same privilege by the same rule.
 *
 * @throws AccessError
 */
export function requireDeclared<Kind extends ObjectKind>(
  principal: Principal,
  { kind, privileges }: Requirement<Kind>,
): void {
  const object = SINGLETONS[kind];
  if (object === undefined) {
    // Before anything is found, or not found. A user may be oneself, who is about to change the password.
    if (kind !== 'user') requireSettledPassword(principal);
    return;
  }
  for (const privilege of privileges) requirePrivilege(principal, privilege, object);
}
