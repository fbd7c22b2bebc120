import type { StageCatalog, StageChange } from '../../../stages/catalog/stage-catalog.js';
import type { AlterStage } from '../../sql/ast.js';
import { ifExists } from '../if-exists.js';
import { NO_RESULT_SET, type StatementHandler } from '../statement-handler.js';

export function alterStage(catalog: StageCatalog): StatementHandler<AlterStage> {
  return async ({ name, ifExists: ignoreMissing, action }, { principal }) => {
    await ifExists('UnknownStage', ignoreMissing, () => catalog.alter(name, changeOf(action), principal));
    return NO_RESULT_SET;
  };
}

function changeOf(action: AlterStage['action']): StageChange {
  if (action.kind === 'unset') {
    const isUnset = (option: (typeof action.options)[number]): null | undefined =>
      action.options.includes(option) ? null : undefined;
    return { fileFormat: isUnset('file_format'), comment: isUnset('comment') };
  }
  const { source, connection = source?.connection, fileFormat, comment } = action;
  return { url: source?.url, connection, fileFormat, comment };
}
