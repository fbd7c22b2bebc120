import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { StagedoorError } from '../../../clients/typescript/src/stagedoor-error.js';
import { noteRefusal } from '../session/session.js';

const MOST_RETRIES = 2;

/** Keeps answers of the server. Asks again for one that is old and is shown anew. */
export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noteRefusal }),
  mutationCache: new MutationCache({ onError: noteRefusal }),
  defaultOptions: {
    queries: { staleTime: 5_000, refetchOnWindowFocus: false, networkMode: 'always', retry: isWorthwhile },
    mutations: { networkMode: 'always' },
  },
});

/** Another answer is possible where the server was busy or not there. */
function isWorthwhile(failures: number, error: Error): boolean {
  return failures < MOST_RETRIES && !(error instanceof StagedoorError && !error.isTemporary);
}
