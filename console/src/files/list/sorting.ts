import { Breather } from '../../lib/breather.js';
import { sortedNumbers } from '../../lib/merge-sort.js';
import { allOf, OrderedEntries, type Entries } from './entries.js';
import type { FileEntry } from './file-entry.js';

export type SortColumn = 'name' | 'size' | 'modifiedAt' | 'md5' | 'creator';

/** An order other than that in which a store lists: all names must be there for it. */
export interface SortOrder {
  readonly column: SortColumn;
  readonly isDescending: boolean;
}

/** What a click on the head of a column leads to: up, down, and the order of the listing again. */
export function nextOrder(order: SortOrder | undefined, column: SortColumn): SortOrder | undefined {
  if (order?.column === column) return order.isDescending ? undefined : { column, isDescending: true };
  return { column, isDescending: column === 'name' }; // the listing is by name already
}

/** The same entries, folders first. What has no value comes last in either order. */
export async function sortedEntries(
  entries: Entries,
  { column, isDescending }: SortOrder,
  signal: AbortSignal,
): Promise<Entries> {
  const { isFolder, values } = await keysOf(entries, column, signal);
  const sign = isDescending ? -1 : 1;
  const compare = (one: number, other: number): number => {
    const folders = (isFolder[other] ?? 0) - (isFolder[one] ?? 0);
    if (folders !== 0) return folders;
    const [left, right] = [values[one] ?? null, values[other] ?? null];
    if (left === right) return one - other; // by name, as listed
    if (left === null || right === null) return left === null ? 1 : -1;
    return left < right ? -sign : sign;
  };
  return new OrderedEntries(entries, await sortedNumbers(entries.count, compare, signal));
}

interface SortKeys {
  readonly isFolder: Uint8Array;
  readonly values: readonly (string | number | null)[];
}

async function keysOf(entries: Entries, column: SortColumn, signal: AbortSignal): Promise<SortKeys> {
  const breather = new Breather(signal);
  const isFolder = new Uint8Array(entries.count);
  const values: (string | number | null)[] = [];
  for (const entry of allOf(entries)) {
    isFolder[values.length] = entry.kind === 'folder' ? 1 : 0;
    values.push(valueOf(entry, column, values.length));
    if (values.length % 1000 === 0) await breather.pause();
  }
  return { isFolder, values };
}

/** A folder has nothing but a name. Names are in order already: their place stands for them. */
function valueOf(entry: FileEntry, column: SortColumn, line: number): string | number | null {
  if (column === 'name') return line;
  return entry.kind === 'folder' ? null : entry[column];
}
