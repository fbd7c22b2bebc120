import { Controller, Post, Put, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../access/principal.js';
import { Requires } from '../access/route-access.js';
import { NoQuery } from '../http/request/query.decorators.js';
import { stageFileKey } from '../stages/files/stage-path.js';
import { StageService } from '../stages/files/stage.service.js';
import type { ObjectKey } from '../storage/contract/object-key.js';
import { formAnswer } from './form/form-answer.js';
import { formBoundary } from './form/form-boundary.js';
import { FormRoom } from './form/form-room.js';
import { MultipartReceiver } from './form/multipart-receiver.js';
import { assertNoFormConditions } from './headers/upload-condition.js';
import { overwritePolicy } from './headers/upload-overwrite.js';
import { UploadError } from './upload-error.js';
import { UploadRunner } from './upload-runner.js';
import { uploadTarget } from './headers/upload-target.js';

const USE_HEADERS = 'this route takes none. Headers name the stage and the directory.';

/** Databend's File Upload API. */
@Controller('v1/upload_to_stage')
export class UploadController {
  constructor(
    private readonly stages: StageService,
    private readonly receiver: MultipartReceiver,
    private readonly room: FormRoom,
    private readonly runner: UploadRunner,
  ) {}

  /** As in Databend. */
  @Put()
  @Requires('Write', 'stage')
  @NoQuery(USE_HEADERS)
  async upload(
    @Req() request: Request,
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<object> {
    formBoundary(request.headers['content-type']); // reports a body that is no form before any other problem
    const { stageName, directory } = uploadTarget(request.headersDistinct);
    assertNoFormConditions(request.headers);
    const overwrite = overwritePolicy(request.headers);
    const stage = await this.stages.resolve(stageName, principal, 'Write');
    await this.room.assertMayFit(request, stage);
    const keys = new Set<ObjectKey>();
    return this.runner.run(request, response, {
      stage,
      principal,
      fingerprint: { directory, overwrite },
      receive: (files, admission) =>
        this.receiver.receive({ request, response }, admission, (file) => {
          const key = stageFileKey(directory, file.name);
          if (keys.has(key)) throw repeatedFile(key);
          keys.add(key);
          return files.consume(file, { key, name: file.name, overwrite, reportsNew: false });
        }),
      answer: (names, { id, recorded }) =>
        formAnswer(request, { id, stage_name: stageName, state: 'SUCCESS', files: names }, recorded),
    });
  }

  /** As in Databend's documentation. */
  @Post()
  @Requires('Write', 'stage')
  @NoQuery(USE_HEADERS)
  async uploadByPost(
    @Req() request: Request,
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<object> {
    return this.upload(request, principal, response);
  }
}

/** Rejects it before anything of the second file is visible. */
function repeatedFile(key: ObjectKey): UploadError {
  return new UploadError(
    'RepeatedFile',
    `The form has two files of the name ${JSON.stringify(key)}: the second one was not stored. Give each its own name.`,
  );
}
