import { Controller, Param, Put, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/principal.js';
import { filePath } from '../stages/file-path-param.js';
import { FileUpload } from '../stages/file-upload.js';
import type { StageFileRow } from '../stages/stage-file-row.js';
import { StageService } from '../stages/stage.service.js';
import { RawBodyReceiver } from './raw-body-receiver.js';
import { uploadCondition } from './upload-condition.js';

/** One file as the whole body of a request. */
@Controller('v1/stages/:name/files')
export class RawUploadController {
  constructor(
    private readonly stages: StageService,
    private readonly receiver: RawBodyReceiver,
  ) {}

  /** 201 for a new file, 200 for one that took another's place; its row, as a listing has it. */
  @Put(['', '*path'])
  async put(
    @Param('name') name: string,
    @Req() request: Request,
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StageFileRow> {
    const target = { path: filePath(request), condition: uploadCondition(request.headers) };
    const stage = await this.stages.resolve(name, principal, 'Write');
    const upload = new FileUpload(this.stages, stage, target);
    const { isNew, etag, row } = await this.receiver.receive(request, (file) => upload.receive(file));
    response.status(isNew ? 201 : 200);
    if (etag !== null) response.set('etag', etag);
    return row;
  }
}
