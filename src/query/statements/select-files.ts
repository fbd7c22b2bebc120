import type { StageService } from '../../stages/files/stage.service.js';
import type { OpenScans } from '../rows/open-scans.js';
import type { SelectFiles } from '../sql/ast.js';
import { ListStageTable } from './list-stage-table.js';
import { selectFrom } from './select-from.js';
import type { StatementHandler } from './statement-handler.js';

/** `LIST @…`, and `SELECT … FROM list_stage(…)`. */
export function selectFiles(stages: StageService, scans: OpenScans): StatementHandler<SelectFiles> {
  return async (statement, context) => {
    const table = await ListStageTable.open(stages, statement.parameters, context.principal);
    return selectFrom(table, statement, context, scans);
  };
}
