import type { EntryPage, FileEntry } from './file-entry.js';

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

/** The entries of all pages, folders first. What has no value comes last in either order. */
export function sortedEntries(
  pages: readonly EntryPage[],
  { column, isDescending }: SortOrder,
): readonly FileEntry[] {
  const sign = isDescending ? -1 : 1;
  return pages
    .flatMap(({ entries }) => entries)
    .sort((one, other) => {
      if (one.kind !== other.kind) return one.kind === 'folder' ? -1 : 1;
      const [left, right] = [valueOf(one, column), valueOf(other, column)];
      if (left === right) return compare(one.name, other.name);
      if (left === null || right === null) return left === null ? 1 : -1;
      return sign * compare(left, right);
    });
}

/** A folder has nothing but a name. */
function valueOf(entry: FileEntry, column: SortColumn): string | number | null {
  if (column === 'name') return entry.name;
  return entry.kind === 'folder' ? null : entry[column];
}

function compare(one: string | number, other: string | number): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
