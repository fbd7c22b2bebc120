import { TimeSlices } from '../../common/time-slices.js';
import type { SavedState } from './aggregates/aggregate-function.js';
import { textBudget, type Grouping } from './aggregates/grouping.js';
import type { Selection } from './compiled-selection.js';
import type { PagePosition, PositionedRequest, ResultPage } from './page.js';
import { keyOf, type Row, type Table } from './table.js';
import { NO_ROWS, writtenRows } from './written-rows.js';

/** Characters of the aggregates' states in a cursor. */
const MAX_STATE_CHARACTERS = 2000;

type Aggregated = Selection & { readonly grouping: Grouping };

/** Computes the row of aggregates without GROUP BY. At the deadline it stops, and the next page continues. */
export async function aggregatedPage(
  table: Table,
  selection: Aggregated,
  request: PositionedRequest,
): Promise<ResultPage> {
  const { position, deadline, signal } = request;
  const accumulators = startAccumulators(selection, position);
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
    if (fitsCursor(states)) return { rows: NO_ROWS, next: { ...position, states, after } };
  }
  return { rows: position.skip === 0 ? writtenRows(resultRows(selection, accumulators)) : NO_ROWS };
}

/** A cursor is part of a URL. While the states do not fit, the page reads on past the deadline. */
function fitsCursor(states: readonly SavedState[]): boolean {
  return JSON.stringify(states).length <= MAX_STATE_CHARACTERS;
}

/** Computes the same for rows in memory. */
export function aggregatedRows(selection: Aggregated, rows: readonly Row[]): readonly Row[] {
  const accumulators = startAccumulators(selection, {});
  for (const row of rows) for (const accumulator of accumulators) accumulator.add(row);
  return resultRows(selection, accumulators);
}

function startAccumulators({ grouping }: Aggregated, { states }: Pick<PagePosition, 'states'>) {
  const budget = textBudget(grouping);
  return grouping.aggregates.map((aggregate, index) => aggregate.start(budget, states?.[index]));
}

function resultRows(
  { grouping, project }: Aggregated,
  accumulators: ReturnType<typeof startAccumulators>,
): readonly Row[] {
  const row = accumulators.map((accumulator) => accumulator.result());
  return grouping.isSelected(row) ? [project(row)] : [];
}
