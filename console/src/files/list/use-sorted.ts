import { useEffect, useState } from 'react';
import type { Entries, ListedEntries } from './entries.js';
import { sortedEntries, type SortOrder } from './sorting.js';

/** Entries in the wanted order: undefined while they are sorted, and where no order is wanted. */
export function useSorted(entries: ListedEntries, order: SortOrder | undefined): Entries | undefined {
  const [sorted, setSorted] = useState<{ order: SortOrder; from: Entries; entries: Entries }>();
  useEffect(() => {
    if (order === undefined) {
      setSorted(undefined); // it may hold a million numbers
      return;
    }
    const controller = new AbortController();
    sortedEntries(entries, order, controller.signal).then(
      (inOrder) => {
        setSorted({ order, from: entries, entries: inOrder });
      },
      () => undefined, // nobody waits for it any more
    );
    return () => {
      controller.abort();
    };
  }, [entries, order]);
  return sorted !== undefined && sorted.order === order && sorted.from === entries
    ? sorted.entries
    : undefined;
}
