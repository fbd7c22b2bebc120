import type { Principal } from './principal.js';
import type { Objects, ObjectKind, ObjectOf, Privileges } from './privileges.js';
import type { TokenScope } from './token-scope.js';

/** Does the request's API token, if it has one, reach so far? */
export function isInScope<Kind extends ObjectKind>(
  { token }: Principal,
  privilege: Privileges[Kind],
  object: ObjectOf<Kind>,
): boolean {
  if (token === undefined) return true;
  if (isAboutCredentials(object.kind, privilege)) return false;
  if (token.scope === undefined) return true;
  if (object.kind === 'stage') return isStageInScope(token.scope, privilege, object as Objects['stage']); // by its kind
  if (object.kind === 'service') return privilege === 'ShowStages' || privilege === 'Monitor';
  if (object.kind === 'session') return privilege !== 'ChooseRoles';
  return object.kind === 'upload';
}

/** A token that is stolen must not make others, nor lock its user out. */
function isAboutCredentials(kind: ObjectKind, privilege: string): boolean {
  return kind === 'session' && (privilege === 'ChangePassword' || privilege === 'ManageTokens');
}

function isStageInScope(
  { stages, privileges }: TokenScope,
  privilege: string,
  { id }: Objects['stage'],
): boolean {
  return privileges.some((each) => each === privilege) && (stages?.includes(id) ?? true);
}
