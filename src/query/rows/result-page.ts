import { TimeSlices } from '../../common/time-slices.js';
import { QueryError } from '../query-error.js';
import { aggregatedPage } from './aggregated-page.js';
import { GroupTable } from './aggregates/grouping.js';
import type { Selection } from './compiled-selection.js';
import { inOrder } from './ordered-rows.js';
import type { PagePosition, PageRequest, ResultPage } from './page.js';
import { Scan } from './scan.js';
import { charactersOf, keyOf, type Row, type Table } from './table.js';
import { NO_ROWS, RowWriter } from './written-rows.js';

/** A page of so many characters ends behind the row that has brought it there. */
const MAX_CHARACTERS = 8 * 1024 * 1024;

type Running = PageRequest & { readonly position: PagePosition };

/**
 * One page of a selection. In memory are its rows and one batch of the table, whatever the table's size; in another order
 * than the table's, so many rows as `inOrder` sorts at a time. It ends early where its rows are long.
 */
export async function readPage(
  table: Table,
  selection: Selection,
  request: PageRequest,
): Promise<ResultPage> {
  const position = request.position ?? { skip: selection.offset, remaining: selection.limit };
  if (position.remaining === 0) return { rows: NO_ROWS };
  const running = { ...request, position };
  const { grouping } = selection;
  if (grouping === undefined) return rowsPage(table, selection, running);
  if (grouping.keys.length === 0) return aggregatedPage(table, { ...selection, grouping }, running);
  const groups = new GroupTable(table, selection.isSelected, grouping);
  return rowsPage(groups, { ...selection, isSelected: grouping.isSelected }, running);
}

async function rowsPage(table: Table, selection: Selection, request: Running): Promise<ResultPage> {
  const { position, deadline, signal, scans, query } = request;
  const wanted = Math.min(request.maxRows, position.remaining ?? Number.POSITIVE_INFINITY);
  const scan = scans.take(query, placeOf(position)) ?? newScan(table, selection, position);
  const page: RowsPage = { rows: new RowWriter(), characters: 0, skip: position.skip, last: undefined };
  for (;;) {
    const batch = await scan.next(signal);
    if (batch === undefined) return { rows: page.rows.written() };
    const looked = await fill(page, batch, selection, wanted);
    const isFull = page.rows.count >= wanted || page.characters >= MAX_CHARACTERS;
    if (!isFull && performance.now() <= deadline) continue;
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
  /** Of the texts in its rows. */
  characters: number;
  skip: number;
  /** That was looked at. */
  last: Row | undefined;
}

function newScan(table: Table, selection: Selection, position: PagePosition): Scan {
  const { after, place, skip, remaining: left = Number.POSITIVE_INFINITY } = position;
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
  const rows: Row[] = [];
  let looked = 0;
  for (const row of batch) {
    if (slices.isOver) await slices.next();
    looked++;
    page.last = row;
    if (!selection.isSelected(row)) continue;
    if (page.skip > 0) {
      page.skip--;
      continue;
    }
    const projected = selection.project(row);
    page.characters += textOf(projected);
    if (rows.push(projected) === missing || page.characters >= MAX_CHARACTERS) break;
  }
  page.rows.add(rows);
  return looked;
}

function textOf(row: Row): number {
  const characters = charactersOf(row);
  if (characters <= MAX_CHARACTERS) return characters;
  const limit = String(MAX_CHARACTERS);
  const message = `A row of the answer may have at most ${limit} characters: select fewer or shorter columns.`;
  throw new QueryError('BadArguments', message);
}

function positionOf(
  row: Row | undefined,
  { order }: Selection,
): Pick<PagePosition, 'after' | 'place'> | undefined {
  if (row === undefined) return undefined;
  return order === undefined ? { after: keyOf(row) } : { place: order.placeOf(row) };
}

function following(
  { remaining: left }: PagePosition,
  { rows, skip }: RowsPage,
  { after, place }: Pick<PagePosition, 'after' | 'place'>,
): PagePosition | undefined {
  const remaining = left === undefined ? undefined : left - rows.count;
  return remaining === 0 ? undefined : { after, place, skip, remaining: remaining };
}

function placeOf({ after, place }: PagePosition): string {
  return JSON.stringify(place ?? after ?? null);
}
