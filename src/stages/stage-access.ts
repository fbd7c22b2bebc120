import { displayName, type Principal } from '../auth/principal.js';
import type { Stage } from './stage.js';
import { StageError } from './stage-error.js';

export type Privilege = 'Read' | 'Write';

/** A user's own stage is the user's; named stages are an admin's. */
export function mayUse(principal: Principal, stage: Stage): boolean {
  return principal.isAdmin || (stage.kind === 'user' && stage.owner === principal.name);
}

/** @throws StageError of kind `PermissionDenied`. */
export function requirePrivilege(principal: Principal, stage: Stage, privilege: Privilege): void {
  if (mayUse(principal, stage)) return;
  throw new StageError(
    'PermissionDenied',
    `Permission denied: privilege [${privilege}] is required on STAGE ${stage.name} for user ${displayName(principal)}.`,
  );
}

/** Stages are made and dropped by admins. @throws StageError of kind `PermissionDenied`. */
export function requireAdmin(principal: Principal): void {
  if (principal.isAdmin) return;
  throw new StageError(
    'PermissionDenied',
    `Permission denied: privilege [Super] is required on *.* for user ${displayName(principal)}.`,
  );
}
