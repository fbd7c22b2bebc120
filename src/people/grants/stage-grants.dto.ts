import { z } from 'zod';
import { privilegeWord, STAGE_PRIVILEGE, type StagePrivilegeWord } from '../stage-privilege.js';
import type { NamedGrantee } from './grant-source.js';
import type { StageGrantList } from './stage-grants.js';

/** Body of `PUT /v1/stages/{name}/grants/{kind}/{grantee}`. */
export const STAGE_GRANT = z.strictObject({ privileges: z.array(STAGE_PRIVILEGE) });

/** Body of `PUT /v1/stages/{name}/owner`. */
export const STAGE_OWNER = z.strictObject({ role: z.string() });

export type StageGrantBody = z.output<typeof STAGE_GRANT>;
export type StageOwnerBody = z.output<typeof STAGE_OWNER>;

export interface StageGrantsView {
  readonly owner: string;
  readonly grants: readonly {
    readonly grantee: NamedGrantee;
    readonly privileges: readonly StagePrivilegeWord[];
  }[];
}

export function stageGrantsView({ owner, grants }: StageGrantList): StageGrantsView {
  const shown = grants.map(({ grantee, privileges }) => ({
    grantee,
    privileges: privileges.map(privilegeWord),
  }));
  return { owner, grants: shown };
}
