import type { Principal } from '../../auth/principal.js';
import type { StageView } from '../../stages/catalog/stage-view.js';
import type { StageCatalog } from '../../stages/catalog/stage-catalog.js';
import type { StageViews } from '../../stages/catalog/stage-views.js';
import { timestampText } from '../rows/cell.js';
import type { OpenScans } from '../rows/open-scans.js';
import type { Column, Row, ScanOptions, Table } from '../rows/table.js';
import type { Statement } from '../sql/ast.js';
import { selectFrom } from './select-from.js';
import type { StatementHandler } from './statement-handler.js';

/** Databend's columns of SHOW STAGES and DESC STAGE. */
export const STAGE_COLUMNS: readonly Column[] = [
  { name: 'name', type: 'String' },
  { name: 'stage_type', type: 'String' },
  { name: 'storage_type', type: 'Nullable(String)' },
  { name: 'url', type: 'Nullable(String)' },
  { name: 'endpoint', type: 'Nullable(String)' },
  { name: 'has_credentials', type: 'Boolean' },
  { name: 'has_encryption_key', type: 'Boolean' },
  { name: 'storage_params', type: 'Nullable(Variant)' },
  { name: 'file_format_options', type: 'Variant' },
  { name: 'creator', type: 'Nullable(String)' },
  { name: 'created_on', type: 'Timestamp' },
  { name: 'comment', type: 'String' },
  { name: 'owner', type: 'Nullable(String)' },
];

export function stageRow(view: StageView): Row {
  return [
    view.name,
    view.stage_type,
    view.storage_type,
    view.url,
    view.endpoint,
    view.has_credentials,
    view.has_encryption_key,
    view.storage_params === null ? null : JSON.stringify(view.storage_params),
    JSON.stringify(view.file_format_options),
    view.creator,
    view.created_on === null ? null : timestampText(new Date(view.created_on)),
    view.comment,
    view.owner,
  ];
}

/** `SHOW STAGES [LIKE … | WHERE …] [LIMIT …]`, ordered by name. */
export function showStages(
  catalog: StageCatalog,
  views: StageViews,
  scans: OpenScans,
): StatementHandler<Extract<Statement, { kind: 'show-stages' }>> {
  return ({ like, where, limit }, context) => {
    const table = new StagesTable(catalog, views, context.principal, like);
    const all = { items: [{ kind: 'all' }], orderBy: [], offset: 0 } as const;
    return selectFrom(table, { ...all, where, limit }, context, scans);
  };
}

class StagesTable implements Table {
  readonly columns = STAGE_COLUMNS;

  constructor(
    private readonly catalog: StageCatalog,
    private readonly views: StageViews,
    private readonly principal: Principal,
    private readonly like: string | undefined,
  ) {}

  has(): boolean {
    return true;
  }

  async *scan({ after }: ScanOptions): AsyncGenerator<readonly Row[]> {
    for await (const stages of this.catalog.show(this.principal, { like: this.like, after })) {
      yield stages.map((stage) => stageRow(this.views.view(stage)));
    }
  }
}
