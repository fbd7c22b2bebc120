import { TimeSlices } from '../../common/time-slices.js';
import type { Selection } from './compiled-selection.js';
import type { RowOrder } from './row-order.js';
import { charactersOf, type Row, type Table, type Value } from './table.js';

/** So many rows are sorted at a time, and twice as many held. */
const SORTED_AT_ONCE = 20_000;
/** What they are sorted by may be long: then fewer are. */
const MAX_CHARACTERS = 32 * 1024 * 1024;
const BATCH = 1000;

interface Placed {
  readonly place: readonly Value[];
  readonly row: Row;
}

type OrderedSelection = Selection & { readonly order: RowOrder };

export interface OrderedStart {
  /** The place of the last row that is not wanted any more. */
  readonly after: readonly Value[] | undefined;
  /** So many rows will do. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

/**
 * The selected rows in an order that their table does not have. The table is read to its end for every so many rows: the
 * first ones after the last place are kept.
 */
export async function* inOrder(
  table: Table,
  selection: OrderedSelection,
  { after: start, limit, signal }: OrderedStart,
): AsyncGenerator<readonly Row[]> {
  let after = start;
  let remaining = limit;
  for (;;) {
    const first = new FirstRows(selection, after, Math.min(SORTED_AT_ONCE, remaining));
    await first.readFrom(table, signal);
    const { rows, hasMore, lastPlace } = first;
    for (let index = 0; index < rows.length; index += BATCH) yield rows.slice(index, index + BATCH);
    remaining -= rows.length;
    if (!hasMore || remaining <= 0) return;
    after = lastPlace;
  }
}

/** The first so many selected rows after a place. */
class FirstRows {
  hasMore = false;
  #found: Placed[] = [];
  /** Of all places. */
  #characters = 0;
  /** Nothing beyond it is among the first any more. */
  #bound: readonly Value[] | undefined;

  constructor(
    private readonly selection: OrderedSelection,
    private readonly after: readonly Value[] | undefined,
    private wanted: number,
  ) {}

  get rows(): readonly Row[] {
    return this.#found.map(({ row }) => row);
  }

  get lastPlace(): readonly Value[] | undefined {
    return this.#found.at(-1)?.place;
  }

  async readFrom(table: Table, signal: AbortSignal): Promise<void> {
    const slices = new TimeSlices();
    for await (const batch of table.scan({ signal })) {
      for (const row of batch) {
        if (slices.isOver) await slices.next();
        if (this.selection.isSelected(row)) this.#add(row);
      }
    }
    this.#keepFirst();
  }

  #add(row: Row): void {
    const { order } = this.selection;
    const place = order.placeOf(row);
    if (this.after !== undefined && order.compare(place, this.after) <= 0) return;
    if (this.#bound !== undefined && order.compare(place, this.#bound) > 0) return;
    this.#found.push({ place, row });
    this.#characters += charactersOf(place);
    if (this.#characters > MAX_CHARACTERS) this.wanted = Math.min(this.wanted, half(this.#found.length));
    if (this.#found.length >= 2 * this.wanted) this.#keepFirst();
  }

  #keepFirst(): void {
    const { order } = this.selection;
    this.#found.sort((a, b) => order.compare(a.place, b.place));
    if (this.#found.length <= this.wanted) return;
    this.hasMore = true;
    this.#found = this.#found.slice(0, this.wanted);
    this.#bound = this.lastPlace;
    this.#characters = this.#found.reduce((sum, { place }) => sum + charactersOf(place), 0);
  }
}

function half(count: number): number {
  return Math.max(1, Math.floor(count / 2));
}
