import type { RoleCatalog } from '../../../people/roles/role-catalog.js';
import type { AlterRole, CreateRole } from '../../sql/people/people-ast.js';
import type { Statement } from '../../sql/ast.js';
import { ifExists } from '../if-exists.js';
import { NO_RESULT_SET, type StatementHandler } from '../statement-handler.js';

export function createRole(catalog: RoleCatalog): StatementHandler<CreateRole> {
  return async ({ name, ifNotExists, comment }, { principal }) => {
    await catalog.create({ name, ifNotExists, comment }, principal);
    return NO_RESULT_SET;
  };
}

export function alterRole(catalog: RoleCatalog): StatementHandler<AlterRole> {
  return async ({ name, ifExists: ignoreMissing, comment }, { principal }) => {
    await ifExists('UnknownRole', ignoreMissing, () => catalog.alter(name, comment, principal));
    return NO_RESULT_SET;
  };
}

export function dropRole(catalog: RoleCatalog): StatementHandler<Extract<Statement, { kind: 'drop-role' }>> {
  return async ({ name, ifExists: ignoreMissing }, { principal }) => {
    await ifExists('UnknownRole', ignoreMissing, () => catalog.drop(name, principal));
    return NO_RESULT_SET;
  };
}
