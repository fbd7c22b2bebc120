import { z } from 'zod';

/** A privilege on a stage as JSON names it. */
export type StagePrivilegeWord = 'READ' | 'WRITE';

/** Reads it in the form of `access/`. */
export const STAGE_PRIVILEGE = z
  .enum(['READ', 'WRITE'])
  .transform((word): 'Read' | 'Write' => (word === 'READ' ? 'Read' : 'Write'));

export function privilegeWord(privilege: string): StagePrivilegeWord {
  return privilege === 'Read' ? 'READ' : 'WRITE';
}
