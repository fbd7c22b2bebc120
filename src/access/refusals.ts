import { displayName, type Principal } from './principal.js';

/** Databend's texts of refusals. The text for reading has a form of its own. */

export function readRequired(principal: Principal, { name }: { readonly name: string }): string {
  return `Permission denied: privilege READ is required on stage ${name} for user ${displayName(principal)}`;
}

export function writeRequired(principal: Principal, { name }: { readonly name: string }): string {
  return required('Write', `STAGE ${name}`, principal);
}

/** For everything that needs an administrator. */
export function superRequired(principal: Principal): string {
  return required('Super', '*.*', principal);
}

function required(privilege: string, object: string, principal: Principal): string {
  return (
    `Permission denied: privilege [${privilege}] is required on ${object} for user ${displayName(principal)} ` +
    `with roles [${principal.roles.join(',')}]. ` +
    'Note: Please ensure that your current role have the appropriate permissions to create a new Object'
  );
}
