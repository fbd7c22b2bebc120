import { requirePrivilege } from './access.js';
import type { Principal } from './principal.js';
import { SERVICE, SESSION, type ObjectKind, type ObjectOf, type Privileges } from './privileges.js';

/** What a route or a statement declares: a privilege, of several the one that the request asks for, on an object of a kind. */
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
  return requirement as Requirement; // one of its union: the compiler does not see it while the kind is open
}

/** The objects that are known before anything is looked up. */
const KNOWN: { readonly [Kind in ObjectKind]: ObjectOf<Kind> | undefined } = {
  service: SERVICE,
  session: SESSION,
  stage: undefined,
  connection: undefined,
  upload: undefined,
};

/**
 * Decides what a declaration can decide: a requirement on the service or on the caller's session. Whatever is found by its name
 * or id is decided on by who finds it, with the same privilege and by the same rule.
 *
 * @throws AccessError of kind `PermissionDenied`.
 */
export function requireDeclared<Kind extends ObjectKind>(
  principal: Principal,
  { kind, privileges }: Requirement<Kind>,
): void {
  const object = KNOWN[kind];
  if (object === undefined) return;
  for (const privilege of privileges) requirePrivilege(principal, privilege, object);
}
