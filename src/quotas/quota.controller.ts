import { Controller, Delete, Get, HttpCode, Param, Put, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { Principal } from '../access/principal.js';
import { Requires } from '../access/route-access.js';
import { CurrentUser } from '../auth/current-user.decorator.js';
import { clientSignal } from '../http/request/client-signal.js';
import { JsonBody } from '../http/request/json-body.decorator.js';
import { NoQuery, QueryParams } from '../http/request/query.decorators.js';
import { LimitedStages } from './limited-stages.js';
import { quotaFrom, SET_QUOTA, SHOW_QUOTA, type SetQuotaBody, type ShowQuotaQuery } from './quota.dto.js';
import { quotaView, type QuotaView } from './quota-view.js';
import { StageQuotas, type LimitedStage } from './stage-quotas.js';

/** Quotas over REST. Administrators set them; who may read a stage sees its own. */
@Controller('v1')
export class QuotaController {
  constructor(
    private readonly stages: LimitedStages,
    private readonly quotas: StageQuotas,
  ) {}

  @Get('stages/:name/quota')
  @Requires('Read', 'stage')
  async show(
    @Param('name') name: string,
    @QueryParams(SHOW_QUOTA) query: ShowQuotaQuery,
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<QuotaView> {
    return this.#show(await this.stages.find(name, principal), query, response);
  }

  @Put('stages/:name/quota')
  @Requires('SetQuotas', 'service')
  @NoQuery()
  async set(
    @Param('name') name: string,
    @JsonBody(SET_QUOTA) body: SetQuotaBody,
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<QuotaView> {
    return this.#set(await this.stages.find(name, principal), body, response);
  }

  @Delete('stages/:name/quota')
  @Requires('SetQuotas', 'service')
  @HttpCode(204)
  @NoQuery()
  async remove(@Param('name') name: string, @CurrentUser() principal: Principal): Promise<void> {
    await this.quotas.remove(await this.stages.find(name, principal));
  }

  @Get('users/:name/quota')
  @Requires('Show', 'user')
  async showOwn(
    @Param('name') name: string,
    @QueryParams(SHOW_QUOTA) query: ShowQuotaQuery,
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<QuotaView> {
    return this.#show(await this.stages.findOwn(name, principal), query, response);
  }

  @Put('users/:name/quota')
  @Requires('SetQuotas', 'service')
  @NoQuery()
  async setOwn(
    @Param('name') name: string,
    @JsonBody(SET_QUOTA) body: SetQuotaBody,
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<QuotaView> {
    return this.#set(await this.stages.findOwn(name, principal), body, response);
  }

  @Delete('users/:name/quota')
  @Requires('SetQuotas', 'service')
  @HttpCode(204)
  @NoQuery()
  async removeOwn(@Param('name') name: string, @CurrentUser() principal: Principal): Promise<void> {
    await this.quotas.remove(await this.stages.findOwn(name, principal));
  }

  async #show(stage: LimitedStage, { fresh }: ShowQuotaQuery, response: Response): Promise<QuotaView> {
    const options = { isFresh: fresh === 'true', signal: clientSignal(response) };
    return quotaView(await this.quotas.show(stage, options));
  }

  async #set(stage: LimitedStage, body: SetQuotaBody, response: Response): Promise<QuotaView> {
    const quota = quotaFrom(body) ?? { maxBytes: null, maxFiles: null };
    const options = { force: body.force === true, signal: clientSignal(response) };
    return quotaView(await this.quotas.set(stage, quota, options));
  }
}
