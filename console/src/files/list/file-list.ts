import { useInfiniteQuery, type InfiniteData, type UseInfiniteQueryResult } from '@tanstack/react-query';
import { queryClient } from '../../app/query-client.js';
import { api, bodyOf } from '../../lib/api.js';
import { QUOTAS } from '../../lib/quotas.js';
import { totalsKey } from '../../lib/totals.js';
import { entriesOf, type EntryPage, type FileEntry } from './file-entry.js';

/** Which files of a stage are shown. */
export interface FileSelection {
  readonly stage: string;
  /** Beginning of the whole name. */
  readonly prefix: string;
  /** Empty for a folder's own level. */
  readonly pattern: string;
}

const FIRST_PAGE = 1000;
const NEXT_PAGES = 5000;

/** Pages of a listing, each asked for when somebody scrolls to it. */
export function useFileList(selection: FileSelection): UseInfiniteQueryResult<InfiniteData<EntryPage>> {
  const { stage, prefix, pattern } = selection;
  return useInfiniteQuery({
    queryKey: ['files', stage, prefix, pattern],
    queryFn: async ({ pageParam, signal }) => filePage(selection, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    structuralSharing: false, // it would compare a million names
  });
}

export async function refreshFiles(stage: string): Promise<void> {
  await Promise.all([
    queryClient.resetQueries({ queryKey: ['files', stage] }),
    queryClient.invalidateQueries({ queryKey: totalsKey(stage) }),
    queryClient.invalidateQueries({ queryKey: [QUOTAS] }),
  ]);
}

async function filePage(
  { stage, prefix, pattern }: FileSelection,
  cursor: string | null,
  signal: AbortSignal,
): Promise<EntryPage> {
  const query = {
    ...(prefix === '' ? {} : { prefix }),
    ...(pattern === '' ? { delimiter: '/' as const } : { pattern }),
    ...(cursor === null ? { limit: FIRST_PAGE } : { cursor, limit: NEXT_PAGES }),
  };
  const params = { path: { name: stage }, query };
  const page = await bodyOf(api.GET('/v1/stages/{name}/files', { params, signal }));
  return { entries: entriesOf(page), unlisted: page.unlisted ?? [], nextCursor: page.next_cursor };
}

/** Entries by the number of their line. */
export interface Entries {
  readonly count: number;
  at(index: number): FileEntry | undefined;
}

/** Reads entries of all pages by their number, without a copy of them. */
export class EntryIndex implements Entries {
  readonly count: number;
  readonly #pages: readonly EntryPage[];
  readonly #starts: readonly number[];

  constructor(pages: readonly EntryPage[]) {
    let count = 0;
    this.#starts = pages.map(({ entries }) => {
      const start = count;
      count += entries.length;
      return start;
    });
    this.#pages = pages;
    this.count = count;
  }

  at(index: number): FileEntry | undefined {
    let [low, high] = [0, this.#starts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return this.#pages[low]?.entries[index - (this.#starts[low] ?? 0)];
  }
}
