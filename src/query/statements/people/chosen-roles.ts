import type { UserCatalog } from '../../../people/accounts/user-catalog.js';
import { assertAvailable } from '../../../users/principals/principals.js';
import type { Statement } from '../../sql/ast.js';
import { NO_RESULT_SET, type StatementHandler } from '../statement-handler.js';

type Of<Kind extends Statement['kind']> = StatementHandler<Extract<Statement, { kind: Kind }>>;

/** `SET ROLE r`: of the session from here on. */
export const setRole: Of<'set-role'> = ({ role }, { principal }) => {
  assertAvailable(principal, role);
  return { ...NO_RESULT_SET, session: { role } };
};

/** `SET SECONDARY ROLES …`: which of the user's other roles are in effect, in the session from here on. */
export const setSecondaryRoles: Of<'set-secondary-roles'> = ({ roles }, { principal }) => {
  const secondaryRoles = roles === 'none' ? [] : roles;
  if (secondaryRoles !== 'all') for (const role of secondaryRoles) assertAvailable(principal, role);
  return { ...NO_RESULT_SET, session: { secondaryRoles } };
};

/** `SET DEFAULT ROLE r`: with which later sessions begin. */
export function setDefaultRole(catalog: UserCatalog): Of<'set-default-role'> {
  return async ({ role }, { principal }) => {
    await catalog.setDefaultRole(role, principal);
    return NO_RESULT_SET;
  };
}
