import type { StageCatalog } from '../../stages/stage-catalog.js';
import type { StageViews } from '../../stages/stage-views.js';
import type { Statement } from '../sql/ast.js';
import { isUnknown } from './list-stage-table.js';
import { STAGE_COLUMNS, stageRow } from './show-stages.js';
import type { StatementHandler } from './statement-handler.js';

/** `DESC STAGE`: as in Databend, a stage that is not there has no row, and is no error. */
export function describeStage(
  catalog: StageCatalog,
  views: StageViews,
): StatementHandler<Extract<Statement, { kind: 'describe-stage' }>> {
  return async ({ name }, { principal }) => {
    try {
      const stage = await catalog.describe(name, principal);
      return { columns: STAGE_COLUMNS, rows: [stageRow(views.view(stage))] };
    } catch (error) {
      if (isUnknown(error, 'UnknownStage')) return { columns: STAGE_COLUMNS, rows: [] };
      throw error;
    }
  };
}
