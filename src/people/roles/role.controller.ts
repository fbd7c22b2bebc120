import { Controller, Delete, Get, HttpCode, Param, Patch, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { Principal } from '../../access/principal.js';
import { Requires } from '../../access/route-access.js';
import { CurrentUser } from '../../auth/current-user.decorator.js';
import { JsonBody } from '../../http/request/json-body.decorator.js';
import { NoQuery } from '../../http/request/query.decorators.js';
import { UserService } from '../../users/accounts/user.service.js';
import { RoleCatalog } from './role-catalog.js';
import {
  ALTER_ROLE,
  CREATE_ROLE,
  newRoleFrom,
  roleView,
  type AlterRoleBody,
  type CreateRoleBody,
  type RoleView,
} from './role.dto.js';

/** Roles over REST. */
@Controller('v1/roles')
export class RoleController {
  constructor(
    private readonly catalog: RoleCatalog,
    private readonly users: UserService,
  ) {}

  @Get()
  @Requires('ShowRoles', 'service')
  @NoQuery()
  async show(@CurrentUser() principal: Principal): Promise<{ roles: RoleView[] }> {
    const defaultRole = await this.#defaultRole(principal);
    const roles = await this.catalog.show(principal);
    return { roles: roles.map((role) => roleView(role, principal, defaultRole)) };
  }

  @Post()
  @Requires('CreateRole', 'service')
  @NoQuery()
  async create(
    @JsonBody(CREATE_ROLE) body: CreateRoleBody,
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<RoleView> {
    const isNew = await this.catalog.create(newRoleFrom(body), principal);
    response.status(isNew ? 201 : 200);
    return this.#view(body.name, principal);
  }

  @Get(':name')
  @Requires('Show', 'role')
  @NoQuery()
  async describe(@Param('name') name: string, @CurrentUser() principal: Principal): Promise<RoleView> {
    return this.#view(name, principal);
  }

  @Patch(':name')
  @Requires('Alter', 'role')
  @NoQuery()
  async alter(
    @Param('name') name: string,
    @JsonBody(ALTER_ROLE) { comment }: AlterRoleBody,
    @CurrentUser() principal: Principal,
  ): Promise<RoleView> {
    await this.catalog.alter(name, comment, principal);
    return this.#view(name, principal);
  }

  @Delete(':name')
  @Requires('Drop', 'role')
  @HttpCode(204)
  @NoQuery()
  async drop(@Param('name') name: string, @CurrentUser() principal: Principal): Promise<void> {
    await this.catalog.drop(name, principal);
  }

  async #view(name: string, principal: Principal): Promise<RoleView> {
    const role = await this.catalog.describe(name, principal);
    return roleView(role, principal, await this.#defaultRole(principal));
  }

  async #defaultRole({ userId }: Principal): Promise<string> {
    return (await this.users.findById(userId))?.defaultRole ?? '';
  }
}
