import { TimeSlices } from '../../common/time-slices.js';
import { inOrder } from './ordered-rows.js';
import type { OpenScans } from './open-scans.js';
import { Scan } from './scan.js';
import type { Selection } from './selection.js';
import { keyOf, type Row, type Table, type Value } from './table.js';
import { NO_ROWS, RowWriter, writtenRows, type WrittenRows } from './written-rows.js';

/** Where the next page begins: all that a cursor has to carry. */
export interface PagePosition {
  /** The key of the last row that was looked at. */
  readonly after?: string | undefined;
  /** What that row is ordered by, where the order is not that of the keys. */
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
  readonly rows: WrittenRows;
  /** Undefined where nothing comes after this page. */
  readonly next?: PagePosition | undefined;
}

type Running = PageRequest & { readonly position: PagePosition };

/**
 * One page of a selection. In memory are its rows and one batch of the table, whatever the table's size; in another order
 * than the table's, so many rows as `inOrder` sorts at a time.
 */
export async function readPage(
  table: Table,
  selection: Selection,
  request: PageRequest,
): Promise<ResultPage> {
  const position = request.position ?? { skip: selection.offset, left: selection.limit };
  if (selection.counts) return countedPage(table, selection, { ...request, position });
  return position.left === 0 ? { rows: NO_ROWS } : rowsPage(table, selection, { ...request, position });
}

async function rowsPage(table: Table, selection: Selection, request: Running): Promise<ResultPage> {
  const { position, deadline, signal, scans, query } = request;
  const wanted = Math.min(request.maxRows, position.left ?? Number.POSITIVE_INFINITY);
  const scan = scans.take(query, placeOf(position)) ?? newScan(table, selection, position);
  const page: RowsPage = { rows: new RowWriter(), skip: position.skip, last: undefined };
  for (;;) {
    const batch = await scan.next(signal);
    if (batch === undefined) return { rows: page.rows.written() };
    const looked = await fill(page, batch, selection, wanted);
    if (page.rows.count < wanted && performance.now() <= deadline) continue;
    const next = following(position, page, positionOf(page.last, selection) ?? position);
    if (next === undefined) scan.close();
    else {
      scan.putBack(batch.slice(looked));
      scans.keep(query, placeOf(next), scan);
    }
    return { rows: page.rows.written(), next };
  }
}

interface RowsPage {
  readonly rows: RowWriter;
  skip: number;
  /** That was looked at. */
  last: Row | undefined;
}

function newScan(table: Table, selection: Selection, position: PagePosition): Scan {
  const { after, place, skip, left = Number.POSITIVE_INFINITY } = position;
  const { order } = selection;
  return new Scan((signal) =>
    order === undefined
      ? table.scan({ after, signal })
      : inOrder(table, { ...selection, order }, { after: place, limit: skip + left, signal }),
  );
}

/** @returns how many rows of the batch were looked at. */
async function fill(
  page: RowsPage,
  batch: readonly Row[],
  selection: Selection,
  wanted: number,
): Promise<number> {
  const slices = new TimeSlices();
  const missing = wanted - page.rows.count;
  const found: Row[] = [];
  let looked = 0;
  for (const row of batch) {
    if (slices.isOver) await slices.next();
    looked++;
    page.last = row;
    if (!selection.isSelected(row)) continue;
    if (page.skip > 0) page.skip--;
    else if (found.push(selection.project(row)) === missing) break;
  }
  page.rows.add(found);
  return looked;
}

function positionOf(
  row: Row | undefined,
  { order }: Selection,
): Pick<PagePosition, 'after' | 'place'> | undefined {
  if (row === undefined) return undefined;
  return order === undefined ? { after: keyOf(row) } : { place: order.placeOf(row) };
}

function following(
  { left }: PagePosition,
  { rows, skip }: RowsPage,
  { after, place }: Pick<PagePosition, 'after' | 'place'>,
): PagePosition | undefined {
  const remaining = left === undefined ? undefined : left - rows.count;
  return remaining === 0 ? undefined : { after, place, skip, left: remaining };
}

function placeOf({ after, place }: PagePosition): string {
  return JSON.stringify(place ?? after ?? null);
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
    if (performance.now() > deadline) return { rows: NO_ROWS, next: { ...position, count, after } };
  }
  const isGiven = position.skip === 0 && position.left !== 0;
  return { rows: isGiven ? writtenRows([selection.columns.map(() => count)]) : NO_ROWS };
}
