import { TimeSlices } from '../../common/time-slices.js';
import type { OpenScans } from './open-scans.js';
import { Scan } from './scan.js';
import type { RowOrder, Selection } from './selection.js';
import { keyOf, type Row, type Table, type Value } from './table.js';

/** Where the next page begins: all that a cursor has to carry. */
export interface PagePosition {
  /** The key of the last row that was looked at. */
  readonly after?: string | undefined;
  /** What the last row that was given is ordered by, where the order is not that of the keys. */
  readonly place?: readonly Value[] | undefined;
  /** Rows of OFFSET that are still to be passed over. */
  readonly skip: number;
  /** Rows of LIMIT that may still be given. */
  readonly left?: number | undefined;
  /** Rows that have been counted. */
  readonly count?: number | undefined;
}

export interface PageRequest {
  /** Undefined for the first page. */
  readonly position?: PagePosition | undefined;
  readonly maxRows: number;
  /** A page that takes longer ends early, with a position to go on from; `performance.now()`. */
  readonly deadline: number;
  readonly signal: AbortSignal;
  /** Where a scan may be left for the next page. */
  readonly scans: OpenScans;
  /** The name of the query there. */
  readonly query: string;
}

export interface ResultPage {
  readonly rows: readonly Row[];
  /** Undefined where nothing comes after this page. */
  readonly next?: PagePosition | undefined;
}

/** One page of a selection. In memory are its rows and one batch of the table, whatever the table's size. */
export async function readPage(
  table: Table,
  selection: Selection,
  request: PageRequest,
): Promise<ResultPage> {
  const position = request.position ?? { skip: selection.offset, left: selection.limit };
  if (selection.counts) return countedPage(table, selection, { ...request, position });
  if (position.left === 0) return { rows: [] };
  const { order } = selection;
  if (order !== undefined) return orderedPage(table, { ...selection, order }, { ...request, position });
  return plainPage(table, selection, { ...request, position });
}

type Running = PageRequest & { readonly position: PagePosition };

async function plainPage(table: Table, selection: Selection, request: Running): Promise<ResultPage> {
  const { position, deadline, signal, scans, query } = request;
  const wanted = Math.min(request.maxRows, position.left ?? Number.POSITIVE_INFINITY);
  const scan = opened(table, request);
  const page: PlainPage = { rows: [], after: position.after, skip: position.skip };
  for (;;) {
    const batch = await scan.next(signal);
    if (batch === undefined) return { rows: page.rows };
    const looked = await fill(page, batch, selection, wanted);
    const isOver = page.rows.length === wanted || performance.now() > deadline;
    if (!isOver) continue;
    const result = rest(page, position);
    scan.putBack(batch.slice(looked));
    if (result.next === undefined || page.after === undefined) scan.close();
    else scans.keep(query, page.after, scan);
    return result;
  }
}

interface PlainPage {
  readonly rows: Row[];
  after: string | undefined;
  skip: number;
}

function opened(table: Table, { position: { after }, scans, query }: Running): Scan {
  const left = after === undefined ? undefined : scans.take(query, after);
  return left ?? new Scan(table, after);
}

/** @returns how many rows of the batch were looked at. */
async function fill(
  page: PlainPage,
  batch: readonly Row[],
  selection: Selection,
  wanted: number,
): Promise<number> {
  const slices = new TimeSlices();
  for (const [index, row] of batch.entries()) {
    page.after = keyOf(row);
    if (slices.isOver) await slices.next();
    if (!selection.isSelected(row)) continue;
    if (page.skip > 0) page.skip--;
    else if (page.rows.push(selection.project(row)) === wanted) return index + 1;
  }
  return batch.length;
}

function rest({ rows, after, skip }: PlainPage, { left }: PagePosition): ResultPage {
  const remaining = left === undefined ? undefined : left - rows.length;
  return remaining === 0 ? { rows } : { rows, next: { after, skip, left: remaining } };
}

/** Counts as far as the time goes, and goes on from there on the next page. */
async function countedPage(table: Table, selection: Selection, request: Running): Promise<ResultPage> {
  const { position, deadline, signal } = request;
  let { count = 0, after } = position;
  const slices = new TimeSlices();
  for await (const batch of table.scan({ after, signal })) {
    for (const row of batch) {
      if (selection.isSelected(row)) count++;
      if (slices.isOver) await slices.next();
    }
    const last = batch.at(-1);
    if (last !== undefined) after = keyOf(last);
    if (performance.now() > deadline) return { rows: [], next: { ...position, count, after } };
  }
  const isGiven = position.skip === 0 && position.left !== 0;
  return { rows: isGiven ? [selection.columns.map(() => count)] : [] };
}

interface Placed {
  readonly place: readonly Value[];
  readonly row: Row;
}

/** The first rows after a place, in an order that the table does not have: it is read to its end for each page. */
async function orderedPage(
  table: Table,
  selection: Selection & { readonly order: RowOrder },
  { position, maxRows, signal }: Running,
): Promise<ResultPage> {
  const wanted = Math.min(maxRows, position.skip + (position.left ?? maxRows));
  const { found, hasMore } = await firstRows(table, selection, { after: position.place, wanted, signal });
  const given = found.slice(position.skip);
  const rows = given.map(({ row }) => selection.project(row));
  const skip = Math.max(0, position.skip - found.length);
  const left = position.left === undefined ? undefined : position.left - rows.length;
  if (!hasMore || left === 0) return { rows };
  return { rows, next: { place: found.at(-1)?.place, skip, left } };
}

async function firstRows(
  table: Table,
  { order, isSelected }: Selection & { readonly order: RowOrder },
  request: { after: readonly Value[] | undefined; wanted: number; signal: AbortSignal },
): Promise<{ readonly found: readonly Placed[]; readonly hasMore: boolean }> {
  const { after, wanted, signal } = request;
  let found: Placed[] = [];
  let hasMore = false;
  const slices = new TimeSlices();
  const keepFirst = (): void => {
    found.sort((a, b) => order.compare(a.place, b.place));
    hasMore ||= found.length > wanted;
    found = found.slice(0, wanted);
  };
  for await (const batch of table.scan({ signal })) {
    for (const row of batch) {
      if (!isSelected(row)) continue;
      const place = order.placeOf(row);
      if (after === undefined || order.compare(place, after) > 0) found.push({ place, row });
      if (slices.isOver) await slices.next();
    }
    if (found.length > 2 * wanted) keepFirst();
  }
  keepFirst();
  return { found, hasMore };
}
