import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { queryClient } from '../app/query-client.js';
import { api, bodyOf, type Schemas } from '../lib/api.js';
import { RIGHTS } from '../session/use-rights.js';

export type Stage = Schemas['Stage'];

const STAGES = ['stages'];
const PAGE = 1000;

/** Every named stage that the reader may see. */
export function useStages(): UseQueryResult<readonly Stage[]> {
  return useQuery({ queryKey: STAGES, queryFn: async ({ signal }) => allStages(signal) });
}

/** Asks again for the stages, and for what the reader may do with them: who makes one owns it. */
export async function refreshStages(): Promise<void> {
  await Promise.all([STAGES, [RIGHTS]].map(async (queryKey) => queryClient.invalidateQueries({ queryKey })));
}

async function allStages(signal: AbortSignal): Promise<readonly Stage[]> {
  const stages: Stage[] = [];
  let cursor: string | undefined;
  do {
    const query = { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) };
    const page: Schemas['Stages'] = await bodyOf(api.GET('/v1/stages', { params: { query }, signal }));
    stages.push(...page.stages);
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
  return stages;
}
