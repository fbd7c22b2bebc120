import { Injectable } from '@nestjs/common';
import { UserCatalog } from '../../../people/accounts/user-catalog.js';
import { RoleCatalog } from '../../../people/roles/role-catalog.js';
import { OpenScans } from '../../rows/open-scans.js';
import type { HandlersOf } from '../statement-handler.js';
import { setDefaultRole, setRole, setSecondaryRoles } from './chosen-roles.js';
import { alterRole, createRole, dropRole } from './role-changes.js';
import { RoleTables, selectRoles, showRoles } from './show-roles.js';

/** Handlers of statements about roles. */
@Injectable()
export class RoleStatements {
  readonly handlers: HandlersOf<
    | 'create-role'
    | 'alter-role'
    | 'drop-role'
    | 'show-roles'
    | 'select-roles'
    | 'set-role'
    | 'set-secondary-roles'
    | 'set-default-role'
  >;

  constructor(roles: RoleCatalog, users: UserCatalog, scans: OpenScans) {
    const tables = new RoleTables(roles, users);
    this.handlers = {
      'create-role': createRole(roles),
      'alter-role': alterRole(roles),
      'drop-role': dropRole(roles),
      'show-roles': showRoles(tables, scans),
      'select-roles': selectRoles(tables, scans),
      'set-role': setRole,
      'set-secondary-roles': setSecondaryRoles,
      'set-default-role': setDefaultRole(users),
    };
  }
}
