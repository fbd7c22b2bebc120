import { displayName, type Principal } from '../access/principal.js';
import type { Stage } from './catalog/stage.js';
import { StageError } from './stage-error.js';

export type Privilege = 'Read' | 'Write';

/** A user's own stage is the user's; named stages are an admin's. */
export function mayUse(principal: Principal, stage: Stage): boolean {
  return principal.isAdmin || (stage.kind === 'user' && stage.owner === principal.name);
}

/** @throws StageError of kind `PermissionDenied`. */
export function requirePrivilege(principal: Principal, stage: Stage, privilege: Privilege): void {
  if (mayUse(principal, stage)) return;
  if (privilege === 'Write') throw permissionDenied('Write', `STAGE ${stage.name}`, principal);
  throw new StageError(
    'PermissionDenied',
    `Permission denied: privilege READ is required on stage ${stage.name} for user ${displayName(principal)}`,
  );
}

/** Stages and connections are made, changed and dropped by admins. @throws StageError of kind `PermissionDenied`. */
export function requireAdmin(principal: Principal): void {
  if (!principal.isAdmin) throw permissionDenied('Super', '*.*', principal);
}

/** In Databend's words. Every user there has the role `public`, and there are no others here. */
function permissionDenied(privilege: string, object: string, principal: Principal): StageError {
  return new StageError(
    'PermissionDenied',
    `Permission denied: privilege [${privilege}] is required on ${object} for user ${displayName(principal)} ` +
      'with roles [public]. ' +
      'Note: Please ensure that your current role have the appropriate permissions to create a new Object',
  );
}
