import { TimeSlices } from '../../common/time-slices.js';
import type { SavedState } from './aggregates/aggregate-function.js';
import { textBudget, type Grouping } from './aggregates/grouping.js';
import type { Selection } from './compiled-selection.js';
import type { PagePosition, PageRequest, ResultPage } from './page.js';
import { keyOf, type Row, type Table } from './table.js';
import { NO_ROWS, writtenRows } from './written-rows.js';

/** Characters of what aggregates have taken in. */
const MAX_CARRIED = 2000;

type Running = PageRequest & { readonly position: PagePosition };
type Aggregated = Selection & { readonly grouping: Grouping };

/** The one row of aggregates without GROUP BY: as far as the time goes, and from there on the next page. */
export async function aggregatedPage(
  table: Table,
  selection: Aggregated,
  request: Running,
): Promise<ResultPage> {
  const { position, deadline, signal } = request;
  const accumulators = begun(selection, position);
  const slices = new TimeSlices();
  let { after } = position;
  for await (const batch of table.scan({ after, signal })) {
    for (const row of batch) {
      if (selection.isSelected(row)) for (const accumulator of accumulators) accumulator.add(row);
      if (slices.isOver) await slices.next();
    }
    const last = batch.at(-1);
    if (last !== undefined) after = keyOf(last);
    if (performance.now() <= deadline) continue;
    const states = accumulators.map((accumulator) => accumulator.save());
    if (isCarried(states)) return { rows: NO_ROWS, next: { ...position, states, after } };
  }
  return { rows: position.skip === 0 ? writtenRows(answerOf(selection, accumulators)) : NO_ROWS };
}

/** A cursor stands in a URL: what it cannot carry is added up to its end at once. */
function isCarried(states: readonly SavedState[]): boolean {
  return JSON.stringify(states).length <= MAX_CARRIED;
}

/** The same of rows that are at hand. */
export function aggregatedRows(selection: Aggregated, rows: readonly Row[]): readonly Row[] {
  const accumulators = begun(selection, {});
  for (const row of rows) for (const accumulator of accumulators) accumulator.add(row);
  return answerOf(selection, accumulators);
}

function begun({ grouping }: Aggregated, { states }: Pick<PagePosition, 'states'>) {
  const budget = textBudget(grouping);
  return grouping.aggregates.map((aggregate, index) => aggregate.start(budget, states?.[index]));
}

function answerOf({ grouping, project }: Aggregated, accumulators: ReturnType<typeof begun>): readonly Row[] {
  const row = accumulators.map((accumulator) => accumulator.result());
  return grouping.isSelected(row) ? [project(row)] : [];
}
