import { mayInService, type Rights } from '../session/rights.js';

const ADMINISTRATORS = 'account_admin';
const ROOT = 'root';

/** What can be done with a user or a role, by the privilege that it needs. */
export type PeopleWord = 'ALTER' | 'DROP USER' | 'GRANT';

interface Person {
  readonly name: string;
  readonly granted: readonly string[];
}

/** Only an administrator changes an administrator; nobody changes what is built in. */
export function mayWithPerson(rights: Rights, word: PeopleWord, { name, granted }: Person): boolean {
  if (name === ROOT || name === ADMINISTRATORS) return false;
  return rights.hasAll || (mayInService(rights, word) && !granted.includes(ADMINISTRATORS));
}

export const NO_PEOPLE =
  'Users and roles are made, changed and granted by administrators, and by whoever has CREATE USER, CREATE ROLE, ALTER, ' +
  'DROP USER or GRANT on *.*. An administrator can give you that: GRANT CREATE USER ON *.* TO …;';
