import { Module } from '@nestjs/common';
import { PasswordHasher } from './accounts/password-hasher.js';
import { UserRepository } from './accounts/user.repository.js';
import { UserService } from './accounts/user.service.js';
import { GrantRepository } from './grants/grant.repository.js';
import { Principals } from './principals/principals.js';
import { RoleRepository } from './roles/role.repository.js';
import { ApiTokenRepository } from './tokens/api-token.repository.js';
import { AccessVersion } from './version/access-version.js';

/** Stores users, roles, grants and tokens, and makes principals of them. */
@Module({
  providers: [
    AccessVersion,
    PasswordHasher,
    UserRepository,
    UserService,
    RoleRepository,
    GrantRepository,
    ApiTokenRepository,
    Principals,
  ],
  exports: [
    AccessVersion,
    UserRepository,
    UserService,
    RoleRepository,
    GrantRepository,
    ApiTokenRepository,
    Principals,
  ],
})
export class UsersModule {}
