import { TimeSlices } from '../../common/time-slices.js';
import type { RowOrder, Selection } from './selection.js';
import type { Row, Table, Value } from './table.js';

/** So many rows are sorted at a time, and twice as many held. */
const SORTED_AT_ONCE = 50_000;
const BATCH = 1000;

interface Placed {
  readonly place: readonly Value[];
  readonly row: Row;
}

type OrderedSelection = Selection & { readonly order: RowOrder };

/**
 * The selected rows in an order that their table does not have. The table is read to its end for every so many rows: the
 * first ones after the last place are kept.
 *
 * @param start `after` is the place of the last row that is not wanted any more.
 */
export async function* inOrder(
  table: Table,
  selection: OrderedSelection,
  start: { readonly after: readonly Value[] | undefined; readonly signal: AbortSignal },
): AsyncGenerator<readonly Row[]> {
  const { signal } = start;
  let { after } = start;
  for (;;) {
    const { found, hasMore } = await firstRows(table, selection, { after, signal });
    for (let first = 0; first < found.length; first += BATCH) {
      yield found.slice(first, first + BATCH).map(({ row }) => row);
    }
    if (!hasMore) return;
    after = found.at(-1)?.place;
  }
}

async function firstRows(
  table: Table,
  { order, isSelected }: OrderedSelection,
  { after, signal }: { after: readonly Value[] | undefined; signal: AbortSignal },
): Promise<{ readonly found: readonly Placed[]; readonly hasMore: boolean }> {
  let found: Placed[] = [];
  let hasMore = false;
  const slices = new TimeSlices();
  const keepFirst = (): void => {
    found.sort((a, b) => order.compare(a.place, b.place));
    hasMore ||= found.length > SORTED_AT_ONCE;
    found = found.slice(0, SORTED_AT_ONCE);
  };
  for await (const batch of table.scan({ signal })) {
    for (const row of batch) {
      if (slices.isOver) await slices.next();
      if (!isSelected(row)) continue;
      const place = order.placeOf(row);
      if (after === undefined || order.compare(place, after) > 0) found.push({ place, row });
    }
    if (found.length > 2 * SORTED_AT_ONCE) keepFirst();
  }
  keepFirst();
  return { found, hasMore };
}
