import { useInfiniteQuery, type InfiniteData, type UseInfiniteQueryResult } from '@tanstack/react-query';
import { queryClient } from '../../app/query-client.js';
import { api, bodyOf } from '../../lib/api.js';
import { QUOTAS } from '../../lib/quotas.js';
import { totalsKey } from '../../lib/totals.js';
import type { EntryPage } from './entry-page.js';
import { readPage } from './read-page.js';

/** Which files of a stage are shown. */
export interface FileSelection {
  readonly stage: string;
  /** Beginning of the whole name. */
  readonly prefix: string;
  /** Empty for a folder's own level. */
  readonly pattern: string;
}

export type FileList = UseInfiniteQueryResult<InfiniteData<EntryPage>>;

/** So many names are listed: a browser draws no higher element than they need. */
export const MOST_NAMES = 1_000_000;
const FIRST_PAGE = 1000;
const NEXT_PAGES = 5000;

/** Pages of a listing, each asked for when somebody scrolls to it. */
export function useFileList(selection: FileSelection): FileList {
  const { stage, prefix, pattern } = selection;
  return useInfiniteQuery({
    queryKey: ['files', stage, prefix, pattern],
    queryFn: async ({ pageParam, signal }) => filePage(selection, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last, pages) => (namesIn(pages) < MOST_NAMES ? last.nextCursor : null),
    structuralSharing: false, // it would compare a million names
    gcTime: 0, // whoever comes back would wait until all pages were read again
  });
}

export async function refreshFiles(stage: string): Promise<void> {
  await Promise.all([
    queryClient.resetQueries({ queryKey: ['files', stage] }),
    queryClient.invalidateQueries({ queryKey: totalsKey(stage) }),
    queryClient.invalidateQueries({ queryKey: [QUOTAS] }),
  ]);
}

/** Are there names beyond those that the list can hold? */
export function isCut({ data, hasNextPage }: FileList): boolean {
  const cursor = data?.pages.at(-1)?.nextCursor ?? null;
  return cursor !== null && !hasNextPage;
}

function namesIn(pages: readonly EntryPage[]): number {
  return pages.reduce((sum, { count }) => sum + count, 0);
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
  const headers = { accept: 'application/x-ndjson' };
  const content = await bodyOf(
    api.GET('/v1/stages/{name}/files', { params, headers, parseAs: 'stream', signal }) as Promise<{
      data?: ReadableStream<Uint8Array<ArrayBuffer>>; // what fetch gives
    }>,
  );
  return readPage(content, signal);
}
