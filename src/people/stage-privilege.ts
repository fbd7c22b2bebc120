import { z } from 'zod';

export const STAGE_PRIVILEGES = ['Read', 'Write'] as const;
/** A privilege on a stage, in the form of `access/`. */
export type StagePrivilege = (typeof STAGE_PRIVILEGES)[number];

/** A privilege on a stage as JSON names it. */
export type StagePrivilegeWord = 'READ' | 'WRITE';

/** Reads it in the form of `access/`. */
export const STAGE_PRIVILEGE = z
  .enum(['READ', 'WRITE'])
  .transform((word): StagePrivilege => (word === 'READ' ? 'Read' : 'Write'));

export function privilegeWord(privilege: string): StagePrivilegeWord {
  return privilege === 'Read' ? 'READ' : 'WRITE';
}
