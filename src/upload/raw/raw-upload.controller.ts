import { Controller, Param, Put, Res } from '@nestjs/common';
import type { Response } from 'express';
import { CurrentUser } from '../../auth/current-user.decorator.js';
import type { Principal } from '../../access/principal.js';
import { Requires } from '../../access/route-access.js';
import { NoQueryOfFile } from '../../http/request/query.decorators.js';
import { FilePath } from '../../stages/files/file-path.decorator.js';
import { StageService } from '../../stages/files/stage.service.js';
import { RawUploads } from './raw-uploads.js';

/** Uploads one file as the whole body of a request. */
@Controller('v1/stages/:name/files')
export class RawUploadController {
  constructor(
    private readonly stages: StageService,
    private readonly uploads: RawUploads,
  ) {}

  /** Answers with the file's row in a listing: 201 for a new file, 200 for a replaced one. */
  @Put(['', '*path'])
  @Requires('Write', 'stage')
  @NoQueryOfFile()
  async put(
    @Param('name') name: string,
    @FilePath() path: string,
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<object> {
    const stage = await this.stages.resolve(name, principal, 'Write');
    return this.uploads.receive(response.req, response, { stage, path, principal });
  }
}
