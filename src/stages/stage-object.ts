import type { Objects } from '../access/privileges.js';
import type { AuditedStage } from '../audit/events/audit-event.js';
import type { Stage } from './catalog/stage.js';

/** Converts a stage to the object that access control decides on. */
export function stageObject(stage: Stage): Objects['stage'] {
  const { name } = stage;
  if (stage.kind === 'user') return { kind: 'stage', name, id: name, userId: stage.userId };
  return { kind: 'stage', name, id: stage.id, ownerRole: stage.ownerRole };
}

/** Converts a stage to how the audit names it. */
export function auditedStage(stage: Stage): Required<AuditedStage> {
  return { name: stage.name, id: stage.kind === 'user' ? stage.userId : stage.id };
}
