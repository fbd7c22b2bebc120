import { Injectable } from '@nestjs/common';
import { UserCatalog } from '../../../people/accounts/user-catalog.js';
import { OpenScans } from '../../rows/open-scans.js';
import type { HandlersOf } from '../statement-handler.js';
import { describeUser, selectUsers, showUsers } from './show-users.js';
import { alterUser, createUser, dropUser } from './user-changes.js';

/** Handlers of statements about users. */
@Injectable()
export class UserStatements {
  readonly handlers: HandlersOf<
    'create-user' | 'alter-user' | 'drop-user' | 'describe-user' | 'show-users' | 'select-users'
  >;

  constructor(catalog: UserCatalog, scans: OpenScans) {
    this.handlers = {
      'create-user': createUser(catalog),
      'alter-user': alterUser(catalog),
      'drop-user': dropUser(catalog),
      'describe-user': describeUser(catalog),
      'show-users': showUsers(catalog, scans),
      'select-users': selectUsers(catalog, scans),
    };
  }
}
