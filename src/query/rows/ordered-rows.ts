import { TimeSlices } from '../../common/time-slices.js';
import type { Selection } from './compiled-selection.js';
import type { RowOrder } from './row-order.js';
import { charactersOf, type Row, type Table, type Value } from './table.js';

/** Rows that one pass over the table sorts. Twice as many are in memory. */
const MAX_SORTED_ROWS = 20_000;
/** Characters of the sort keys in memory. With long keys, one pass sorts fewer rows. */
const MAX_CHARACTERS = 32 * 1024 * 1024;
const BATCH = 1000;

interface KeyedRow {
  readonly sortKey: readonly Value[];
  readonly row: Row;
}

type OrderedSelection = Selection & { readonly order: RowOrder };

export interface OrderedStart {
  /** The sort key of the last row before the start. */
  readonly after: readonly Value[] | undefined;
  /** The number of rows that are needed. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

/**
 * Yields the selected rows in an order other than the table's. Each pass reads the whole table and keeps the first rows
 * after the last sort key.
 */
export async function* inOrder(
  table: Table,
  selection: OrderedSelection,
  { after: start, limit, signal }: OrderedStart,
): AsyncGenerator<readonly Row[]> {
  let after = start;
  let remaining = limit;
  for (;;) {
    const firstRows = new FirstRows(selection, after, Math.min(MAX_SORTED_ROWS, remaining));
    await firstRows.readFrom(table, signal);
    const { rows, hasMore, lastSortKey } = firstRows;
    for (let index = 0; index < rows.length; index += BATCH) yield rows.slice(index, index + BATCH);
    remaining -= rows.length;
    if (!hasMore || remaining <= 0) return;
    after = lastSortKey;
  }
}

/** Collects the first `limit` selected rows after a sort key. */
class FirstRows {
  hasMore = false;
  #candidates: KeyedRow[] = [];
  /** Characters of all sort keys. */
  #characters = 0;
  /** Rows with a greater sort key are not among the first. */
  #bound: readonly Value[] | undefined;

  constructor(
    private readonly selection: OrderedSelection,
    private readonly after: readonly Value[] | undefined,
    private limit: number,
  ) {}

  get rows(): readonly Row[] {
    return this.#candidates.map(({ row }) => row);
  }

  get lastSortKey(): readonly Value[] | undefined {
    return this.#candidates.at(-1)?.sortKey;
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
    const sortKey = order.sortKeyOf(row);
    if (this.after !== undefined && order.compare(sortKey, this.after) <= 0) return;
    if (this.#bound !== undefined && order.compare(sortKey, this.#bound) > 0) return;
    this.#candidates.push({ sortKey, row });
    this.#characters += charactersOf(sortKey);
    if (this.#characters > MAX_CHARACTERS) this.limit = Math.min(this.limit, half(this.#candidates.length));
    if (this.#candidates.length >= 2 * this.limit) this.#keepFirst();
  }

  #keepFirst(): void {
    const { order } = this.selection;
    this.#candidates.sort((a, b) => order.compare(a.sortKey, b.sortKey));
    if (this.#candidates.length <= this.limit) return;
    this.hasMore = true;
    this.#candidates = this.#candidates.slice(0, this.limit);
    this.#bound = this.lastSortKey;
    this.#characters = this.#candidates.reduce((sum, { sortKey }) => sum + charactersOf(sortKey), 0);
  }
}

function half(count: number): number {
  return Math.max(1, Math.floor(count / 2));
}
