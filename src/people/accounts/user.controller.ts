import { Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { Principal } from '../../access/principal.js';
import { Requires } from '../../access/route-access.js';
import { CurrentUser } from '../../auth/current-user.decorator.js';
import { JsonBody } from '../../http/request/json-body.decorator.js';
import { NoQuery, QueryParams } from '../../http/request/query.decorators.js';
import { UserCatalog } from './user-catalog.js';
import { UserSaving } from './user-saving.js';
import {
  ALTER_USER,
  DROP_USER,
  filesFrom,
  OWN_PASSWORD,
  SAVE_USER,
  savedUserFrom,
  userChangeFrom,
  type AlterUserBody,
  type DropUserQuery,
  type OwnPasswordBody,
  type SaveUserBody,
} from './user.dto.js';
import { userView, type UserView } from './user-view.js';

/** Users over REST. The routes without a name are Databend's. */
@Controller('v1')
export class UserController {
  constructor(
    private readonly catalog: UserCatalog,
    private readonly saving: UserSaving,
  ) {}

  @Get('users')
  @Requires('ShowUsers', 'service')
  @NoQuery()
  async show(@CurrentUser() principal: Principal): Promise<{ users: UserView[] }> {
    const users: UserView[] = [];
    for await (const batch of this.catalog.show(principal)) users.push(...batch.map(userView));
    return { users };
  }

  /** Answers null, as Databend does. */
  @Post('users')
  @Requires('CreateUser', 'service')
  @HttpCode(200)
  @NoQuery()
  async save(
    @JsonBody(SAVE_USER) body: SaveUserBody,
    @CurrentUser() principal: Principal,
    @Res() response: Response,
  ): Promise<void> {
    await this.saving.save(savedUserFrom(body), principal);
    response.json(null);
  }

  @Get('users/:name')
  @Requires('Show', 'user')
  @NoQuery()
  async describe(@Param('name') name: string, @CurrentUser() principal: Principal): Promise<UserView> {
    return userView(await this.catalog.describe(name, principal));
  }

  @Patch('users/:name')
  @Requires('Alter', 'user')
  @NoQuery()
  async alter(
    @Param('name') name: string,
    @JsonBody(ALTER_USER) body: AlterUserBody,
    @CurrentUser() principal: Principal,
  ): Promise<UserView> {
    await this.catalog.alter(name, userChangeFrom(body), principal);
    return userView(await this.catalog.describe(name, principal));
  }

  @Delete('users/:name')
  @Requires('Drop', 'user')
  @HttpCode(204)
  async drop(
    @Param('name') name: string,
    @QueryParams(DROP_USER) query: DropUserQuery,
    @CurrentUser() principal: Principal,
  ): Promise<void> {
    await this.catalog.drop(name, filesFrom(query), principal);
  }

  /** The caller's own password. */
  @Put('password')
  @Requires('ChangePassword', 'session')
  @HttpCode(204)
  @NoQuery()
  async changePassword(
    @JsonBody(OWN_PASSWORD) { password }: OwnPasswordBody,
    @CurrentUser() principal: Principal,
  ): Promise<void> {
    await this.catalog.changeOwnPassword({ authentication: { secret: password } }, principal);
  }
}
