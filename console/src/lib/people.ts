import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { api, bodyOf, type Schemas } from './api.js';

/** Key of all queries about users and roles. */
export const PEOPLE = 'people';

/** The users whom the reader may see. */
export function useUsers(): UseQueryResult<Schemas['Users']['users']> {
  return useQuery({
    queryKey: [PEOPLE, 'users'],
    queryFn: async ({ signal }) => (await bodyOf(api.GET('/v1/users', { signal }))).users,
  });
}

/** The roles that the reader has; all of them for who may see them. */
export function useRoles(): UseQueryResult<Schemas['Roles']['roles']> {
  return useQuery({
    queryKey: [PEOPLE, 'roles'],
    queryFn: async ({ signal }) => (await bodyOf(api.GET('/v1/roles', { signal }))).roles,
  });
}
