import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { api, bodyOf } from '../lib/api.js';

/** Names of the connections to S3 that the reader may use. */
export function useConnections(): UseQueryResult<readonly string[]> {
  return useQuery({
    queryKey: ['connections'],
    queryFn: async ({ signal }) => {
      const { connections } = await bodyOf(api.GET('/v1/connections', { signal }));
      return connections.filter(({ storage_type: type }) => type === 's3').map(({ name }) => name);
    },
  });
}
