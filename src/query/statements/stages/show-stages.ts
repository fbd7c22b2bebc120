import type { StageCatalog } from '../../../stages/catalog/stage-catalog.js';
import type { StageViews } from '../../../stages/catalog/stage-views.js';
import type { OpenScans } from '../../rows/open-scans.js';
import { requestOf } from '../../rows/selection-request.js';
import type { SelectStages, Statement } from '../../sql/ast.js';
import { selectFrom } from '../select-from.js';
import type { StatementHandler } from '../statement-handler.js';
import { StagesTable } from './stages-table.js';

/** `SHOW STAGES [LIKE … | WHERE …] [LIMIT …]`, ordered by name. */
export function showStages(
  catalog: StageCatalog,
  views: StageViews,
  scans: OpenScans,
): StatementHandler<Extract<Statement, { kind: 'show-stages' }>> {
  return ({ like, where, limit }, context) => {
    const { timezone } = context.facts;
    const table = new StagesTable(catalog, views, { principal: context.principal, timezone, like });
    return selectFrom(table, requestOf([{ kind: 'all' }], { where, limit }), context, scans);
  };
}

/** `SELECT … FROM system.stages` */
export function selectStages(
  catalog: StageCatalog,
  views: StageViews,
  scans: OpenScans,
): StatementHandler<SelectStages> {
  return (statement, context) => {
    const { timezone } = context.facts;
    const table = new StagesTable(catalog, views, { principal: context.principal, timezone });
    return selectFrom(table, statement, context, scans);
  };
}
