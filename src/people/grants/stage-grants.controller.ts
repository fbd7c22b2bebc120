import { Controller, Delete, Get, HttpCode, Param, Put } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import { Requires } from '../../access/route-access.js';
import { CurrentUser } from '../../auth/current-user.decorator.js';
import { JsonBody } from '../../http/request/json-body.decorator.js';
import { NoQuery } from '../../http/request/query.decorators.js';
import type { GranteeKind } from '../../users/roles/role-graph.js';
import { GranteeKindParam } from '../grantee-kind.decorator.js';
import { GrantCatalog } from './grant-catalog.js';
import { StageGrants } from './stage-grants.js';
import {
  STAGE_GRANT,
  STAGE_OWNER,
  stageGrantsView,
  type StageGrantBody,
  type StageGrantsView,
  type StageOwnerBody,
} from './stage-grants.dto.js';

/** Grants on a stage, and the role that owns it, over REST. */
@Controller('v1/stages/:name')
export class StageGrantsController {
  constructor(
    private readonly grants: StageGrants,
    private readonly catalog: GrantCatalog,
  ) {}

  @Get('grants')
  @Requires('Grant', 'stage')
  @NoQuery()
  async list(@Param('name') name: string, @CurrentUser() principal: Principal): Promise<StageGrantsView> {
    return stageGrantsView(await this.grants.list(name, principal));
  }

  @Put('grants/:kind/:grantee')
  @Requires('Grant', 'stage')
  @HttpCode(204)
  @NoQuery()
  async set(
    @Param() { name, grantee }: Readonly<Record<'name' | 'grantee', string>>,
    @GranteeKindParam() kind: GranteeKind,
    @JsonBody(STAGE_GRANT) { privileges }: StageGrantBody,
    @CurrentUser() principal: Principal,
  ): Promise<void> {
    await this.catalog.setOnStage(name, privileges, { kind, name: grantee }, principal);
  }

  @Delete('grants/:kind/:grantee')
  @Requires('Grant', 'stage')
  @HttpCode(204)
  @NoQuery()
  async take(
    @Param() { name, grantee }: Readonly<Record<'name' | 'grantee', string>>,
    @GranteeKindParam() kind: GranteeKind,
    @CurrentUser() principal: Principal,
  ): Promise<void> {
    await this.catalog.setOnStage(name, [], { kind, name: grantee }, principal);
  }

  @Put('owner')
  @Requires('Own', 'stage')
  @HttpCode(204)
  @NoQuery()
  async give(
    @Param('name') name: string,
    @JsonBody(STAGE_OWNER) { role }: StageOwnerBody,
    @CurrentUser() principal: Principal,
  ): Promise<void> {
    await this.grants.give(name, role, principal);
  }
}
