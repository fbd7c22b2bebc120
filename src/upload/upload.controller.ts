import { All, Controller, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/principal.js';
import { stageFileKey } from '../stages/files/stage-path.js';
import { StageService } from '../stages/files/stage.service.js';
import { MultipartReceiver } from './form/multipart-receiver.js';
import { UploadError } from './upload-error.js';
import { overwritePolicy } from './headers/upload-overwrite.js';
import { UploadRunner } from './upload-runner.js';
import { uploadTarget } from './headers/upload-target.js';

/** Databend's answer: the names of the fields and nothing else. */
export interface FormUploadAnswer {
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
    private readonly runner: UploadRunner,
  ) {}

  /** PUT as Databend has it, POST as its documentation says. */
  @All()
  async upload(
    @Req() request: Request,
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<object> {
    if (request.method !== 'PUT' && request.method !== 'POST') {
      response.set('allow', 'PUT, POST');
      throw new UploadError('MethodNotAllowed', 'method not allowed: upload with PUT or POST');
    }
    const { stageName, directory } = uploadTarget(request.headersDistinct);
    const overwrite = overwritePolicy(request.headers);
    const stage = await this.stages.resolve(stageName, principal, 'Write');
    return this.runner.run(request, response, {
      stage,
      principal,
      facts: { directory, overwrite },
      receive: (files, admission) =>
        this.receiver.receive({ request, response }, admission, (file) => {
          const key = stageFileKey(directory, file.name);
          return files.take(file, { key, name: file.name, overwrite, tellsNew: false });
        }),
      answer: (names, { id }) => {
        const body: FormUploadAnswer = { id, stage_name: stageName, state: 'SUCCESS', files: names };
        return { status: 200, headers: {}, body };
      },
    });
  }
}
