import type { StageCatalog } from '../../stages/stage-catalog.js';
import type { Statement } from '../sql/ast.js';
import { isUnknown } from './list-stage-table.js';
import { NO_RESULT_SET, type StatementHandler } from './statement-handler.js';

export function dropStage(
  catalog: StageCatalog,
): StatementHandler<Extract<Statement, { kind: 'drop-stage' }>> {
  return async ({ name, ifExists }, { principal }) => {
    try {
      await catalog.drop(name, principal);
    } catch (error) {
      if (!ifExists || !isUnknown(error, 'UnknownStage')) throw error;
    }
    return NO_RESULT_SET;
  };
}
