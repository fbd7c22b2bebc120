import { shownAuthType } from '../../users/accounts/user.js';
import type { Person } from '../people.js';

/** A user in Databend's shape. Users here have no policies, and may come from everywhere. */
export interface UserView {
  readonly name: string;
  readonly hostname: '%';
  readonly auth_type: string;
  readonly default_role: string;
  readonly default_warehouse: string;
  /** Names of the roles granted directly, ordered. */
  readonly grant_roles: readonly string[];
  readonly disabled: boolean;
  readonly network_policy: null;
  readonly password_policy: null;
  readonly must_change_password: boolean;
}

export function userView({ user, roles }: Person): UserView {
  return {
    name: user.name,
    hostname: '%',
    auth_type: shownAuthType(user),
    default_role: user.defaultRole,
    default_warehouse: user.defaultWarehouse,
    grant_roles: roles,
    disabled: user.isDisabled,
    network_policy: null,
    password_policy: null,
    must_change_password: user.mustChangePassword,
  };
}
