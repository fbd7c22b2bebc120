import { Controller, Delete, Get, HttpCode, Param, Patch, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { CurrentUser } from '../../auth/current-user.decorator.js';
import type { Principal } from '../../auth/principal.js';
import { jsonBody } from '../../http/request/json-body.js';
import { refuseQuery } from '../../http/request/refuse-query.js';
import { stageChangeFrom } from './alter-stage.dto.js';
import { newStageFrom } from './create-stage.dto.js';
import { parseRequest } from '../parse-request.js';
import { StageChecks } from '../check/stage-checks.js';
import type { Stage } from './stage.js';
import type { StageView } from './stage-view.js';
import { StageCatalog } from './stage-catalog.js';
import { StageViews } from './stage-views.js';

const SHOW_STAGES = z.strictObject({ like: z.string().optional() });

/** Stages as such: CREATE, ALTER, SHOW, DESCRIBE and DROP STAGE over REST. */
@Controller('v1/stages')
export class StageController {
  constructor(
    private readonly catalog: StageCatalog,
    private readonly views: StageViews,
    private readonly checks: StageChecks,
  ) {}

  @Post()
  async create(
    @Req() request: Request,
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StageView> {
    refuseQuery(request);
    const { isChecked, ...newStage } = newStageFrom(await jsonBody(request));
    const judge = isChecked ? (made: Stage): Promise<void> => this.checks.require(made) : undefined;
    const { stage, isNew } = await this.catalog.create(newStage, principal, judge);
    response.status(isNew ? 201 : 200);
    return this.views.view(stage);
  }

  @Get()
  async show(@Query() query: unknown, @CurrentUser() principal: Principal): Promise<{ stages: StageView[] }> {
    const { like } = parseRequest(SHOW_STAGES, query);
    const stages: StageView[] = [];
    for await (const batch of this.catalog.show(principal, { like })) {
      stages.push(...batch.map((stage) => this.views.view(stage)));
    }
    return { stages };
  }

  @Get(':name')
  async describe(
    @Param('name') name: string,
    @Req() request: Request,
    @CurrentUser() principal: Principal,
  ): Promise<StageView> {
    refuseQuery(request);
    return this.views.view(await this.catalog.describe(name, principal));
  }

  @Patch(':name')
  async alter(
    @Param('name') name: string,
    @Req() request: Request,
    @CurrentUser() principal: Principal,
  ): Promise<StageView> {
    refuseQuery(request);
    const change = stageChangeFrom(await jsonBody(request));
    return this.views.view(await this.catalog.alter(name, change, principal));
  }

  @Delete(':name')
  @HttpCode(204)
  async drop(
    @Param('name') name: string,
    @Req() request: Request,
    @CurrentUser() principal: Principal,
  ): Promise<void> {
    refuseQuery(request);
    await this.catalog.drop(name, principal);
  }
}
