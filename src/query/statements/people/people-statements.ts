import { Injectable } from '@nestjs/common';
import { GrantStatements } from './grant-statements.js';
import { RoleStatements } from './role-statements.js';
import { UserStatements } from './user-statements.js';

/** Handlers of statements about users, roles and grants. */
@Injectable()
export class PeopleStatements {
  readonly handlers: UserStatements['handlers'] & RoleStatements['handlers'] & GrantStatements['handlers'];

  constructor(users: UserStatements, roles: RoleStatements, grants: GrantStatements) {
    this.handlers = { ...users.handlers, ...roles.handlers, ...grants.handlers };
  }
}
