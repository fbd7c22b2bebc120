import { Module } from '@nestjs/common';
import { FileMetadataModule } from '../file-metadata/file-metadata.module.js';
import { StagesModule } from '../stages/stages.module.js';
import { UsersModule } from '../users/users.module.js';
import { NewPasswords } from './accounts/new-password.js';
import { OwnStageFiles } from './accounts/own-stage-files.js';
import { UserCatalog } from './accounts/user-catalog.js';
import { UserSaving } from './accounts/user-saving.js';
import { UserController } from './accounts/user.controller.js';
import { GrantCatalog } from './grants/grant-catalog.js';
import { GrantListing } from './grants/grant-listing.js';
import { GrantedPrivileges } from './grants/granted-privileges.js';
import { GrantObjects } from './grants/grant-objects.js';
import { StageGrantsController } from './grants/stage-grants.controller.js';
import { StageGrants } from './grants/stage-grants.js';
import { People } from './people.js';
import { RoleCatalog } from './roles/role-catalog.js';
import { RoleMembersController } from './roles/role-members.controller.js';
import { RoleController } from './roles/role.controller.js';
import { TokenCatalog } from './tokens/token-catalog.js';
import { TokenController } from './tokens/token.controller.js';

/** Administration of users, roles, grants and tokens. */
@Module({
  imports: [FileMetadataModule, StagesModule, UsersModule],
  controllers: [
    UserController,
    RoleController,
    RoleMembersController,
    StageGrantsController,
    TokenController,
  ],
  providers: [
    People,
    NewPasswords,
    OwnStageFiles,
    UserCatalog,
    UserSaving,
    RoleCatalog,
    GrantObjects,
    GrantCatalog,
    GrantedPrivileges,
    GrantListing,
    StageGrants,
    TokenCatalog,
  ],
  exports: [People, NewPasswords, UserCatalog, RoleCatalog, GrantCatalog, GrantListing, TokenCatalog],
})
export class PeopleModule {}
