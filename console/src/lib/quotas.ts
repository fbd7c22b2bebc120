import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { api, bodyOf, type Schemas } from './api.js';

export type Quota = Schemas['Quota'];

/** Whose files are limited: those of an internal stage, or a user's own. */
export interface QuotaOwner {
  readonly kind: 'stage' | 'user';
  readonly name: string;
}

export interface QuotaLimits {
  /** Null for no limit. */
  readonly max_bytes: number | null;
  readonly max_files: number | null;
  /** Is a limit accepted that is below what is used? */
  readonly force: boolean;
}

/** Key of all quotas. */
export const QUOTAS = 'quotas';

export function useQuota(owner: QuotaOwner, isWanted = true): UseQueryResult<Quota> {
  return useQuery({
    queryKey: [QUOTAS, owner],
    enabled: isWanted,
    queryFn: async ({ signal }) => {
      const params = { path: { name: owner.name } };
      return owner.kind === 'stage'
        ? bodyOf(api.GET('/v1/stages/{name}/quota', { params, signal }))
        : bodyOf(api.GET('/v1/users/{name}/quota', { params, signal }));
    },
  });
}

/** Sets the limits; removes the quota where there are none. */
export async function setQuota({ kind, name }: QuotaOwner, { force, ...limits }: QuotaLimits): Promise<void> {
  const params = { path: { name } };
  const isLimited = limits.max_bytes !== null || limits.max_files !== null;
  if (kind === 'stage') {
    if (isLimited) await api.PUT('/v1/stages/{name}/quota', { params, body: { ...limits, force } });
    else await api.DELETE('/v1/stages/{name}/quota', { params });
  } else if (isLimited) await api.PUT('/v1/users/{name}/quota', { params, body: { ...limits, force } });
  else await api.DELETE('/v1/users/{name}/quota', { params });
}

export function isLimited({ max_bytes: bytes, max_files: files }: Quota): boolean {
  return bytes !== null || files !== null;
}
