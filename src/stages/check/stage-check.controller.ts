import { Controller, HttpCode, Param, Post } from '@nestjs/common';
import { CurrentUser } from '../../auth/current-user.decorator.js';
import { requirePrivilege } from '../../access/access.js';
import type { Principal } from '../../access/principal.js';
import { Requires } from '../../access/route-access.js';
import { JsonBody } from '../../http/request/json-body.decorator.js';
import { NoQuery } from '../../http/request/query.decorators.js';
import { z } from 'zod';
import { StageCatalog } from '../catalog/stage-catalog.js';
import { stageObject } from '../stage-object.js';
import type { CheckReport } from './check-report.js';
import { StageChecks } from './stage-checks.js';

const EMPTY_BODY = z.strictObject({}).nullish();

/** Checks a stage, for users who may write to it. */
@Controller('v1/stages')
export class StageCheckController {
  constructor(
    private readonly catalog: StageCatalog,
    private readonly checks: StageChecks,
  ) {}

  @Post(':name/check')
  @Requires('Write', 'stage')
  @HttpCode(200)
  @NoQuery()
  async check(
    @JsonBody(EMPTY_BODY) _body: unknown,
    @Param('name') name: string,
    @CurrentUser() principal: Principal,
  ): Promise<CheckReport & { readonly stage: string }> {
    const stage = await this.catalog.resolve(name, principal);
    requirePrivilege(principal, 'Write', stageObject(stage));
    return { stage: stage.name, ...(await this.checks.check(stage)) };
  }
}
