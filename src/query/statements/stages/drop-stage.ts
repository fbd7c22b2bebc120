import type { StageCatalog } from '../../../stages/catalog/stage-catalog.js';
import type { Statement } from '../../sql/ast.js';
import { ifExists } from '../if-exists.js';
import { NO_RESULT_SET, type StatementHandler } from '../statement-handler.js';

export function dropStage(
  catalog: StageCatalog,
): StatementHandler<Extract<Statement, { kind: 'drop-stage' }>> {
  return async ({ name, ifExists: ignoreMissing }, { principal }) => {
    await ifExists('UnknownStage', ignoreMissing, () => catalog.drop(name, principal));
    return NO_RESULT_SET;
  };
}
