import { Scan } from '../../common/scans/scan.js';
import { TimeSlices } from '../../common/time-slices.js';
import { QueryError } from '../query-error.js';
import { aggregatedPage } from './aggregated-page.js';
import { GroupTable } from './aggregates/grouping.js';
import type { Selection } from './compiled-selection.js';
import { inOrder } from './ordered-rows.js';
import type { PagePosition, PageRequest, PositionedRequest, ResultPage } from './page.js';
import { charactersOf, keyOf, type Row, type Table } from './table.js';
import { NO_ROWS, pageRows, type PageRows } from './written-rows.js';

/** A page ends after the row that reaches this number of characters. */
const MAX_CHARACTERS = 8 * 1024 * 1024;

/**
 * Reads one page of a selection. Holds in memory the page's rows and one batch of the table, whatever the table's size; in an
 * order other than the table's, the rows that `inOrder` sorts in one pass. A page with long rows ends early.
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

async function rowsPage(table: Table, selection: Selection, request: PositionedRequest): Promise<ResultPage> {
  const { position, deadline, signal, scans, query } = request;
  const maxRows = Math.min(request.maxRows, position.remaining ?? Number.POSITIVE_INFINITY);
  const scan = scans.take(query, scanPosition(position)) ?? newScan(table, selection, position);
  const page: RowsPage = { rows: pageRows(), characters: 0, skip: position.skip, last: undefined };
  for (;;) {
    const batch = await scan.next(signal);
    if (batch === undefined) return { rows: page.rows.written() };
    const examined = await fill(page, batch, selection, maxRows);
    const isFull = page.rows.count >= maxRows || page.characters >= MAX_CHARACTERS;
    if (!isFull && performance.now() <= deadline) continue;
    const next = nextPosition(position, page, positionOf(page.last, selection) ?? position);
    if (next === undefined) scan.close();
    else {
      scan.putBack(batch.slice(examined));
      scans.keep(query, scanPosition(next), scan);
    }
    return { rows: page.rows.written(), next };
  }
}

interface RowsPage {
  readonly rows: PageRows;
  /** Characters of the texts in its rows. */
  characters: number;
  skip: number;
  /** The last examined row. */
  last: Row | undefined;
}

function newScan(table: Table, selection: Selection, position: PagePosition): Scan<Row> {
  const { after, place, skip, remaining = Number.POSITIVE_INFINITY } = position;
  const { order } = selection;
  return new Scan((signal) =>
    order === undefined
      ? table.scan({ after, signal })
      : inOrder(table, { ...selection, order }, { after: place, limit: skip + remaining, signal }),
  );
}

/** @returns the number of examined rows of the batch. */
async function fill(
  page: RowsPage,
  batch: readonly Row[],
  selection: Selection,
  maxRows: number,
): Promise<number> {
  const slices = new TimeSlices();
  const free = maxRows - page.rows.count;
  const rows: Row[] = [];
  let examined = 0;
  for (const row of batch) {
    if (slices.isOver) await slices.next();
    examined++;
    page.last = row;
    if (!selection.isSelected(row)) continue;
    if (page.skip > 0) {
      page.skip--;
      continue;
    }
    const projected = selection.project(row);
    page.characters += charactersOfRow(projected);
    if (rows.push(projected) === free || page.characters >= MAX_CHARACTERS) break;
  }
  page.rows.add(rows);
  return examined;
}

function charactersOfRow(row: Row): number {
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
  return order === undefined ? { after: keyOf(row) } : { place: order.sortKeyOf(row) };
}

function nextPosition(
  position: PagePosition,
  { rows, skip }: RowsPage,
  { after, place }: Pick<PagePosition, 'after' | 'place'>,
): PagePosition | undefined {
  const remaining = position.remaining === undefined ? undefined : position.remaining - rows.count;
  return remaining === 0 ? undefined : { after, place, skip, remaining };
}

function scanPosition({ after, place }: PagePosition): string {
  return JSON.stringify(place ?? after ?? null);
}
