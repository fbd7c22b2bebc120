import type { Objects } from '../access/privileges.js';
import type { Stage } from './catalog/stage.js';

/** Converts a stage to the object that access control decides on. */
export function stageObject(stage: Stage): Objects['stage'] {
  return { kind: 'stage', name: stage.name, owner: stage.kind === 'user' ? stage.owner : undefined };
}
