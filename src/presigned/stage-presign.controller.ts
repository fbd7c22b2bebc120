import { Controller, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../access/principal.js';
import { Requires } from '../access/route-access.js';
import { JsonBody } from '../http/request/json-body.decorator.js';
import { NoQuery } from '../http/request/query.decorators.js';
import { APP_CONFIG, type AppConfig } from '../config/app-config.js';
import { StageService } from '../stages/files/stage.service.js';
import { PRESIGN, presignTargetFrom, type PresignBody } from './presign.dto.js';
import { PresignedUrls } from './presigned-urls.js';
import { requestBaseUrl } from './request-base-url.js';

/** The answer with a presigned URL. */
export interface PresignedUrlView {
  readonly method: string;
  readonly url: string;
  /** Headers that the request must carry. */
  readonly headers: Readonly<Record<string, string>>;
  /** ISO 8601 in UTC. */
  readonly expires_at: string;
}

/** PRESIGN over REST. */
@Controller('v1/stages/:name/presign')
export class StagePresignController {
  constructor(
    private readonly stages: StageService,
    private readonly urls: PresignedUrls,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  @Post()
  @Requires(['Read', 'Write'], 'stage')
  @HttpCode(200)
  @NoQuery()
  async presign(
    @Param('name') name: string,
    @JsonBody(PRESIGN) body: PresignBody,
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<PresignedUrlView> {
    const target = presignTargetFrom(body);
    const stage = await this.stages.resolve(name, principal, target.method === 'GET' ? 'Read' : 'Write');
    const baseUrl = requestBaseUrl(response.req, this.config.publicUrl);
    const { method, url, headers, expiresAt } = await this.urls.presign(stage, principal, target, baseUrl);
    response.set('cache-control', 'no-store');
    return { method, url, headers, expires_at: expiresAt.toISOString() };
  }
}
