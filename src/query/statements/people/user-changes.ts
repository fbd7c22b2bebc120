import type { UserCatalog } from '../../../people/accounts/user-catalog.js';
import type { UserOptions } from '../../../people/accounts/new-user.js';
import type {
  AlterUser,
  CreateUser,
  DropUser,
  UserOptions as WrittenOptions,
} from '../../sql/people/people-ast.js';
import { ifExists } from '../if-exists.js';
import { NO_RESULT_SET, type StatementHandler } from '../statement-handler.js';

export function createUser(catalog: UserCatalog): StatementHandler<CreateUser> {
  return async ({ name, orReplace, ifNotExists, authentication, options }, { principal }) => {
    const user = { name, orReplace, ifNotExists, authentication, options: optionsOf(options) };
    await catalog.create(user, principal);
    return NO_RESULT_SET;
  };
}

export function alterUser(catalog: UserCatalog): StatementHandler<AlterUser> {
  return async ({ user, authentication, options }, { principal }) => {
    await catalog.alter(user ?? principal.name, { authentication, options: optionsOf(options) }, principal);
    return NO_RESULT_SET;
  };
}

export function dropUser(catalog: UserCatalog): StatementHandler<DropUser> {
  return async ({ name, ifExists: ignoreMissing, files }, { principal }) => {
    await ifExists('UnknownUser', ignoreMissing, () => catalog.drop(name, files, principal));
    return NO_RESULT_SET;
  };
}

/** TENANTSETTING says who may change settings of all sessions. There are none here. */
function optionsOf({
  defaultRole,
  defaultWarehouse,
  disabled,
  mustChangePassword,
}: WrittenOptions): UserOptions {
  return { defaultRole, defaultWarehouse, isDisabled: disabled, mustChangePassword };
}
