import type { OpenScans } from '../rows/open-scans.js';
import { readPage } from '../rows/result-page.js';
import { compileSelection } from '../rows/selection.js';
import type { SelectionRequest } from '../rows/selection-request.js';
import type { Row, Table } from '../rows/table.js';
import type { StatementContext, StatementResult } from './statement-handler.js';

/** Reads one page of a selection from a table. */
export async function selectFrom(
  table: Table,
  request: SelectionRequest,
  context: StatementContext,
  scans: OpenScans,
): Promise<StatementResult> {
  const selection = compileSelection(request, { ...context, columns: table.columns });
  const isSelected = (row: Row): boolean => table.has(row) && selection.isSelected(row);
  return {
    columns: selection.columns,
    ...(await readPage(table, { ...selection, isSelected }, { ...context, scans })),
  };
}
