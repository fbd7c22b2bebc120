import { Controller, Param, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import { CurrentUser } from '../../auth/current-user.decorator.js';
import type { Principal } from '../../access/principal.js';
import { Requires } from '../../access/route-access.js';
import { JsonBody } from '../../http/request/json-body.decorator.js';
import { NoQuery } from '../../http/request/query.decorators.js';
import { COPY_FILE, type CopyFileBody } from './copy-file.dto.js';
import { FileCopies } from './file-copies.js';

/** Copies and moves a file into the stage of the URL, from the same or another one. */
@Controller('v1/stages')
export class FileCopyController {
  constructor(private readonly copies: FileCopies) {}

  /** Answers as an upload of the file does: 201 for a new file, 200 for a replaced one. */
  @Post(':name/copy')
  @Requires('Write', 'stage')
  @NoQuery()
  copy(
    @JsonBody(COPY_FILE) body: CopyFileBody,
    @Param('name') stage: string,
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<object> {
    return this.copies.run(response, { ...body, stage, principal, moves: false });
  }

  @Post(':name/move')
  @Requires('Write', 'stage')
  @NoQuery()
  move(
    @JsonBody(COPY_FILE) body: CopyFileBody,
    @Param('name') stage: string,
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<object> {
    return this.copies.run(response, { ...body, stage, principal, moves: true });
  }
}
