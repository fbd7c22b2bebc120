import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { api, bodyOf, type Schemas } from './api.js';
import { formatSize } from './format-size.js';

export type Totals = Schemas['FileTotals'];

interface TotalsOptions {
  /** Is the store asked? That takes as long as a listing. Else what the service has recorded counts. */
  readonly isFresh?: boolean;
  readonly signal?: AbortSignal;
}

/** Key of the totals of a stage, and of all its prefixes. */
export function totalsKey(stage: string): readonly string[] {
  return ['totals', stage];
}

/** Number and bytes of the files whose names begin so, by what the service has recorded. */
export function useTotals(stage: string, prefix: string, isWanted = true): UseQueryResult<Totals> {
  return useQuery({
    queryKey: [...totalsKey(stage), prefix],
    queryFn: async ({ signal }) => totalsOf(stage, prefix, { signal }),
    enabled: isWanted,
  });
}

export async function totalsOf(
  stage: string,
  prefix: string,
  { isFresh = false, signal }: TotalsOptions = {},
): Promise<Totals> {
  const query = { ...(prefix === '' ? {} : { prefix }), ...(isFresh ? { fresh: 'true' as const } : {}) };
  const params = { path: { name: stage }, query };
  return bodyOf(api.GET('/v1/stages/{name}/totals', { params, ...(signal === undefined ? {} : { signal }) }));
}

/** As in `12 files, 3.4 MB`. */
export function formatTotals({ files, bytes }: Pick<Totals, 'files' | 'bytes'>): string {
  return `${files.toLocaleString('en')} ${files === 1 ? 'file' : 'files'}, ${formatSize(bytes)}`;
}
