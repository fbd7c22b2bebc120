import { randomUUID } from 'node:crypto';
import { All, Controller, HttpCode, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/principal.js';
import { StageService } from '../stages/stage.service.js';
import { MultipartReceiver } from './multipart-receiver.js';
import { UploadError } from './upload-error.js';
import { uploadTarget } from './upload-target.js';

/** Databend's answer: the names of the fields and nothing else. */
export interface UploadAnswer {
  readonly id: string;
  readonly stage_name: string;
  readonly state: 'SUCCESS';
  readonly files: readonly string[];
}

/** Databend's File Upload API. */
@Controller('v1/upload_to_stage')
export class UploadController {
  constructor(
    private readonly stages: StageService,
    private readonly receiver: MultipartReceiver,
  ) {}

  /** PUT as Databend has it, POST as its documentation says. */
  @All()
  @HttpCode(200)
  async upload(
    @Req() request: Request,
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<UploadAnswer> {
    if (request.method !== 'PUT' && request.method !== 'POST') {
      response.set('allow', 'PUT, POST');
      throw new UploadError('MethodNotAllowed', 'method not allowed: upload with PUT or POST');
    }
    const { stageName, directory } = uploadTarget(request.headersDistinct);
    const stage = await this.stages.resolve(stageName, principal, 'Write');
    const files = await this.receiver.receive(request, response, async ({ name, body, ...options }) => {
      body.checkBeforeEnd(() => this.stages.refuseGone(stage));
      await this.stages.putFile(stage, { directory, name }, body, options);
    });
    return { id: randomUUID(), stage_name: stageName, state: 'SUCCESS', files };
  }
}
