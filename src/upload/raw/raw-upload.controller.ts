import { Controller, Param, Put, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { CurrentUser } from '../../auth/current-user.decorator.js';
import type { Principal } from '../../auth/principal.js';
import { refuseQueryOfFile } from '../../http/request/refuse-query.js';
import { filePath } from '../../stages/files/file-path-param.js';
import { StageService } from '../../stages/files/stage.service.js';
import { RawUploads } from './raw-uploads.js';

/** One file as the whole body of a request. */
@Controller('v1/stages/:name/files')
export class RawUploadController {
  constructor(
    private readonly stages: StageService,
    private readonly uploads: RawUploads,
  ) {}

  /** 201 for a new file, 200 for one that took another's place; its row, as a listing has it. */
  @Put(['', '*path'])
  async put(
    @Param('name') name: string,
    @Req() request: Request,
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<object> {
    refuseQueryOfFile(request);
    const path = filePath(request);
    const stage = await this.stages.resolve(name, principal, 'Write');
    return this.uploads.receive(request, response, { stage, path, principal });
  }
}
