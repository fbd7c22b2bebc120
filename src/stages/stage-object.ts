import type { Objects } from '../access/privileges.js';
import type { Stage } from './catalog/stage.js';

/** A stage as access decides on it. */
export function stageObject(stage: Stage): Objects['stage'] {
  return { kind: 'stage', name: stage.name, owner: stage.kind === 'user' ? stage.owner : undefined };
}
