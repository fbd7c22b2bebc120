import type { StageCatalog } from '../../../stages/catalog/stage-catalog.js';
import type { StageViews } from '../../../stages/catalog/stage-views.js';
import { NO_ROWS, writtenRows } from '../../rows/written-rows.js';
import type { Statement } from '../../sql/ast.js';
import { ifExists } from '../if-exists.js';
import { STAGE_COLUMNS, stageRow } from './stages-table.js';
import type { StatementHandler } from '../statement-handler.js';

/** `DESC STAGE`: as in Databend, an unknown stage gives no row and no error. */
export function describeStage(
  catalog: StageCatalog,
  views: StageViews,
): StatementHandler<Extract<Statement, { kind: 'describe-stage' }>> {
  return async ({ name }, { principal, facts }) => {
    const stage = await ifExists('UnknownStage', true, () => catalog.describe(name, principal));
    const rows =
      stage === undefined ? NO_ROWS : writtenRows([stageRow(await views.view(stage), facts.timezone)]);
    return { columns: STAGE_COLUMNS, rows };
  };
}
