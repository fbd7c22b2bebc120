import { AccessError } from './access-error.js';
import type { Principal } from './principal.js';
import type { ObjectKind, ObjectOf, Objects, Privileges } from './privileges.js';
import { readRequired, superRequired, writeRequired } from './refusals.js';

interface Rule<Kind extends ObjectKind> {
  readonly allows: (principal: Principal, object: Objects[Kind]) => boolean;
  readonly refusal: (principal: Principal, object: Objects[Kind]) => string;
}

type Rules = {
  readonly [Kind in ObjectKind]: Readonly<Record<Privileges[Kind], Rule<Kind>>>;
};

const isAdmin = ({ roles }: Principal): boolean => roles.includes('account_admin');

const isOwnerOrAdmin = (principal: Principal, { owner }: { readonly owner?: string | undefined }): boolean =>
  owner === principal.name || isAdmin(principal);

const everybody = { allows: () => true, refusal: superRequired };
const admins = { allows: isAdmin, refusal: superRequired };

/** Access rules. Users may use their own stage and uploads; everything else needs an administrator. */
const RULES: Rules = {
  service: {
    CreateStage: admins,
    ShowStages: everybody, // each stage has its own check
    CreateConnection: admins,
    ShowConnections: admins,
    Monitor: everybody,
  },
  session: { Use: everybody },
  stage: {
    Read: { allows: isOwnerOrAdmin, refusal: readRequired },
    Write: { allows: isOwnerOrAdmin, refusal: writeRequired },
    Alter: admins,
    Drop: admins,
  },
  connection: { Access: admins, Drop: admins },
  upload: { Read: { allows: isOwnerOrAdmin, refusal: superRequired } },
};

export function may<Kind extends ObjectKind>(
  principal: Principal,
  privilege: Privileges[Kind],
  object: ObjectOf<Kind>,
): boolean {
  return RULES[object.kind][privilege].allows(principal, object);
}

/** @throws AccessError of kind `PermissionDenied`, with Databend's text. */
export function requirePrivilege<Kind extends ObjectKind>(
  principal: Principal,
  privilege: Privileges[Kind],
  object: ObjectOf<Kind>,
): void {
  const rule = RULES[object.kind][privilege];
  if (!rule.allows(principal, object)) {
    throw new AccessError('PermissionDenied', rule.refusal(principal, object));
  }
}

/** May the principal know that the object exists? Any privilege on it is enough. */
export function isVisible<Kind extends ObjectKind>(principal: Principal, object: ObjectOf<Kind>): boolean {
  const rules: readonly Rule<Kind>[] = Object.values(RULES[object.kind]);
  return rules.some(({ allows }) => allows(principal, object));
}
