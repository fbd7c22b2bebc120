import { Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import type { Request } from 'express';
import { CurrentUser } from '../../auth/current-user.decorator.js';
import type { Principal } from '../../auth/principal.js';
import { jsonBody } from '../../http/request/json-body.js';
import { refuseQuery } from '../../http/request/refuse-query.js';
import { z } from 'zod';
import { StageCatalog } from '../catalog/stage-catalog.js';
import { parseRequest } from '../parse-request.js';
import { requirePrivilege } from '../stage-access.js';
import type { CheckReport } from './check-report.js';
import { StageChecks } from './stage-checks.js';

const NOTHING = z.strictObject({});

/** Tries a stage, for who may write to it. */
@Controller('v1/stages')
export class StageCheckController {
  constructor(
    private readonly catalog: StageCatalog,
    private readonly checks: StageChecks,
  ) {}

  @Post(':name/check')
  @HttpCode(200)
  async check(
    @Param('name') name: string,
    @Req() request: Request,
    @CurrentUser() principal: Principal,
  ): Promise<CheckReport & { readonly stage: string }> {
    refuseQuery(request);
    parseRequest(NOTHING, (await jsonBody(request)) ?? {});
    const stage = await this.catalog.resolve(name, principal);
    requirePrivilege(principal, stage, 'Write');
    return { stage: stage.name, ...(await this.checks.check(stage)) };
  }
}
