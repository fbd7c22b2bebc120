import { Controller, Delete, Get, HttpCode, Param, Patch, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import { CurrentUser } from '../../auth/current-user.decorator.js';
import { assertAvailable, Principals } from '../../users/principals/principals.js';
import type { Principal } from '../../access/principal.js';
import { Requires } from '../../access/route-access.js';
import { JsonBody } from '../../http/request/json-body.decorator.js';
import { NoQuery } from '../../http/request/query.decorators.js';
import { ALTER_STAGE, stageChangeFrom, type AlterStageBody } from './alter-stage.dto.js';
import { CREATE_STAGE, newStageFrom, type CreateStageBody } from './create-stage.dto.js';
import { StageChecks } from '../check/stage-checks.js';
import type { Stage } from './stage.js';
import type { StageView } from './stage-view.js';
import { StageCatalog } from './stage-catalog.js';
import { StageViews } from './stage-views.js';

/** CREATE, ALTER, DESCRIBE and DROP STAGE over REST. */
@Controller('v1/stages')
export class StageController {
  constructor(
    private readonly catalog: StageCatalog,
    private readonly views: StageViews,
    private readonly checks: StageChecks,
    private readonly principals: Principals,
  ) {}

  @Post()
  @Requires('CreateStageInSomeRole', 'service')
  @NoQuery()
  async create(
    @JsonBody(CREATE_STAGE) body: CreateStageBody,
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StageView> {
    const { isChecked, owner, ...newStage } = newStageFrom(body);
    const creator = await this.#inRole(owner, principal);
    const validate = isChecked
      ? (candidate: Stage): Promise<void> => this.checks.assertWorking(candidate)
      : undefined;
    const { stage, isNew } = await this.catalog.create(newStage, creator, validate);
    response.status(isNew ? 201 : 200);
    return this.views.view(stage);
  }

  @Get(':name')
  @Requires('Read', 'stage')
  @NoQuery()
  async describe(@Param('name') name: string, @CurrentUser() principal: Principal): Promise<StageView> {
    return this.views.view(await this.catalog.describe(name, principal));
  }

  @Patch(':name')
  @Requires('Alter', 'stage')
  @NoQuery()
  async alter(
    @Param('name') name: string,
    @JsonBody(ALTER_STAGE) body: AlterStageBody,
    @CurrentUser() principal: Principal,
  ): Promise<StageView> {
    return this.views.view(await this.catalog.alter(name, stageChangeFrom(body), principal));
  }

  @Delete(':name')
  @Requires('Drop', 'stage')
  @HttpCode(204)
  @NoQuery()
  async drop(@Param('name') name: string, @CurrentUser() principal: Principal): Promise<void> {
    await this.catalog.drop(name, principal);
  }

  /** REST has no session in which a role is chosen: the request names the role that creates and owns the stage. */
  async #inRole(role: string | undefined, principal: Principal): Promise<Principal> {
    if (role === undefined) return principal;
    assertAvailable(principal, role);
    return this.principals.inRoles(principal, { role });
  }
}
