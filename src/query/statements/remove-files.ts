import type { StageService } from '../../stages/files/stage.service.js';
import type { Statement } from '../sql/ast.js';
import { assertNoTraversal, stageLocation } from './stage-location.js';
import { NO_RESULT_SET, type StatementHandler } from './statement-handler.js';

/** `REMOVE @… [PATTERN = …]`: removes by the exact prefix. Succeeds if no file matches. */
export function removeFiles(stages: StageService): StatementHandler<Extract<Statement, { kind: 'remove' }>> {
  return async ({ location, pattern }, { principal, signal }) => {
    const { stageName, path } = stageLocation(location);
    const stage = await stages.resolve(stageName, principal, 'Write');
    assertNoTraversal(path, stage.storage.capabilities);
    await stages.removeFiles(stage, { prefix: path, pattern, signal });
    return NO_RESULT_SET;
  };
}
