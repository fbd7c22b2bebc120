import { displayName, type Principal } from './principal.js';
import { PUBLIC } from './rights.js';

/** Databend's texts of refusals. The text for reading has a form of its own. */

/** Databend's other spelling of a privilege, for its messages: `CreateUser` for `CREATE USER`. */
function spelled(word: string): string {
  return word.replaceAll(/(\w)(\w*) ?/g, (_all, first: string, rest: string) => first + rest.toLowerCase());
}

const NOTE =
  'Note: Please ensure that your current role have the appropriate permissions to create a new Object';

export function readRequired(principal: Principal, { name }: { readonly name: string }): string {
  return `Permission denied: privilege READ is required on stage ${name} for user ${displayName(principal)}`;
}

export function writeRequired(principal: Principal, { name }: { readonly name: string }): string {
  return required('Write', `STAGE ${name}`, principal);
}

export function ownershipRequired(
  principal: Principal,
  { kind, name }: { readonly kind: string; readonly name: string },
): string {
  return required('OWNERSHIP', `${kind.toUpperCase()} ${name}`, principal);
}

export function connectionRequired(principal: Principal, { name }: { readonly name: string }): string {
  return required('AccessConnection', `CONNECTION ${name}`, principal);
}

/** For what the current role alone decides. */
export function creationRequired(word: string): (principal: Principal) => string {
  return (principal) =>
    `Permission denied: privilege [${spelled(word)}] is required on *.* for user ${displayName(principal)} ` +
    `with roles [${principal.currentRole.name}]. ${NOTE}`;
}

/** For what the role `public` would own. */
export function ownerRequired(principal: Principal): string {
  return (
    `Permission denied: the current role of user ${displayName(principal)} is public, and what it creates would be everybody's. ` +
    'Choose another role: SET ROLE, the DEFAULT_ROLE of the user, or owner in a request over REST.'
  );
}

/** For what any role in effect decides. */
export function serviceRequired(word: string): (principal: Principal) => string {
  return (principal) => required(spelled(word), '*.*', principal);
}

/** For what others have been granted. */
export function grantRequired(principal: Principal): string {
  const roles = principal.roles.filter(({ id }) => id !== PUBLIC).map(({ name }) => name);
  return (
    `Permission denied: privilege [Grant] is required on *.* for user ${displayName(principal)} ` +
    `with roles [${roles.sort().join(',')}]`
  );
}

function required(privilege: string, object: string, principal: Principal): string {
  const roles = principal.roles.map(({ name }) => name).sort();
  return (
    `Permission denied: privilege [${privilege}] is required on ${object} for user ${displayName(principal)} ` +
    `with roles [${roles.join(',')}]. ${NOTE}`
  );
}
