import type { Principal } from '../../../access/principal.js';
import type { StageCatalog } from '../../../stages/catalog/stage-catalog.js';
import type { StageView } from '../../../stages/catalog/stage-view.js';
import type { StageViews } from '../../../stages/catalog/stage-views.js';
import type { Column, Row, ScanOptions, Table } from '../../rows/table.js';
import { timestampText } from '../../rows/timestamp.js';

/** Databend's columns of system.stages, SHOW STAGES and DESC STAGE. */
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

/** Builds the row of a stage. @param timezone the session's timezone, for Timestamps. */
export function stageRow(view: StageView, timezone: string): Row {
  return [
    view.name,
    view.stage_type,
    view.storage_type,
    view.url,
    view.endpoint,
    view.has_credentials,
    view.has_encryption_key,
    view.storage_params === null ? null : JSON.stringify(shownParams(view)),
    JSON.stringify(view.file_format_options),
    view.creator,
    view.created_on === null ? null : timestampText(new Date(view.created_on), timezone),
    view.comment,
    view.owner,
  ];
}

/** Databend has no column for a reference: it stands among the parameters. */
function shownParams({ storage_params: params, connection_ref: ref }: StageView): object {
  return ref === null ? { ...params } : { ...params, connection_ref: ref };
}

export interface StagesQuery {
  readonly principal: Principal;
  readonly timezone: string;
  readonly like?: string | undefined;
}

/** A table of the named stages that the user may use, ordered by name. */
export class StagesTable implements Table {
  readonly columns = STAGE_COLUMNS;
  readonly #catalog: StageCatalog;
  readonly #views: StageViews;
  readonly #query: StagesQuery;

  constructor(catalog: StageCatalog, views: StageViews, query: StagesQuery) {
    this.#catalog = catalog;
    this.#views = views;
    this.#query = query;
  }

  has(): boolean {
    return true;
  }

  async *scan({ after }: ScanOptions): AsyncGenerator<readonly Row[]> {
    const { principal, like, timezone } = this.#query;
    const view = await this.#views.viewer();
    for await (const stages of this.#catalog.show(principal, { like, after })) {
      yield stages.map((stage) => stageRow(view(stage), timezone));
    }
  }
}
