import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { queryClient } from '../app/query-client.js';
import { api, bodyOf, type Schemas } from '../lib/api.js';

export type StagePrivilege = Schemas['StageGrant']['privileges'][number];
export type Grantee = Schemas['GranteeName'];

/** What can be given on a stage, as the values of choices. */
export const LEVELS = [
  { value: 'READ', text: 'read' },
  { value: 'READ,WRITE', text: 'read and write' },
  { value: 'WRITE', text: 'write' },
] as const;
export type Level = (typeof LEVELS)[number]['value'];

/** Who may use a stage. */
export function useStageGrants(stage: string): UseQueryResult<Schemas['StageGrants']> {
  return useQuery({
    queryKey: keyOf(stage),
    queryFn: async ({ signal }) =>
      bodyOf(api.GET('/v1/stages/{name}/grants', { params: { path: { name: stage } }, signal })),
  });
}

/** Gives exactly that much, and no more; takes all where it is undefined. */
export async function setLevel(stage: string, grantee: Grantee, level: Level | undefined): Promise<void> {
  const path = {
    name: stage,
    kind: grantee.kind === 'user' ? 'users' : 'roles',
    grantee: grantee.name,
  } as const;
  if (level === undefined) {
    await api.DELETE('/v1/stages/{name}/grants/{kind}/{grantee}', { params: { path } });
    return;
  }
  const privileges = level.split(',') as StagePrivilege[]; // of LEVELS
  await api.PUT('/v1/stages/{name}/grants/{kind}/{grantee}', { params: { path }, body: { privileges } });
}

export async function refreshGrants(stage: string): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: keyOf(stage) });
}

/** The level of these privileges; undefined for none. */
export function levelOf(privileges: readonly StagePrivilege[]): Level | undefined {
  return LEVELS.find(({ value }) => value === privileges.toSorted().join(','))?.value;
}

function keyOf(stage: string): readonly string[] {
  return ['grants', stage];
}
