import type { IncomingHttpHeaders } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Controller, Delete, Get, Head, HttpCode, Param, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { CurrentUser } from '../../auth/current-user.decorator.js';
import type { Principal } from '../../auth/principal.js';
import { clientSignal } from '../../http/request/client-signal.js';
import { refuseQueryOfFile } from '../../http/request/refuse-query.js';
import { StageError } from '../stage-error.js';
import { StorageError } from '../../storage/contract/storage-error.js';
import { listQueryFrom, removeQueryFrom } from './file-query.dto.js';
import type { Privilege } from '../stage-access.js';
import { type FileDownload, sendFile, sendFileHeaders } from './file-download.js';
import { fileListJson } from './file-list-json.js';
import { fileConditions } from './conditions/file-conditions.js';
import { filePath } from './file-path-param.js';
import { StageService } from './stage.service.js';

/** The files of a stage: LIST, download and REMOVE over REST. */
@Controller('v1/stages/:name/files')
export class StageFilesController {
  constructor(private readonly stages: StageService) {}

  @Get()
  async list(
    @Param('name') name: string,
    @Query() query: unknown,
    @CurrentUser() principal: Principal,
    @Res() response: Response,
  ): Promise<void> {
    const { limit, ...selection } = listQueryFrom(query);
    const stage = await this.stages.resolve(name, principal, 'Read');
    const rows = this.stages.listFiles(stage, {
      ...selection,
      limit: limit + 1,
      signal: clientSignal(response),
    });
    await sendPieces(response, fileListJson(rows, limit));
  }

  @Delete()
  async remove(
    @Param('name') name: string,
    @Req() request: Request,
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ removed: number }> {
    refuseConditions(request.headers);
    const selection = { ...removeQueryFrom(request.query), signal: clientSignal(response) };
    const stage = await this.stages.resolve(name, principal, 'Write');
    return { removed: await this.stages.removeFiles(stage, selection) };
  }

  @Head('*path')
  async stat(
    @Param('name') name: string,
    @Req() request: Request,
    @CurrentUser() principal: Principal,
    @Res() response: Response,
  ): Promise<void> {
    const file = await this.#fileOf(request, name, principal, 'Read');
    await sendFileHeaders(this.stages, file, request, response);
  }

  @Get('*path')
  async download(
    @Param('name') name: string,
    @Req() request: Request,
    @CurrentUser() principal: Principal,
    @Res() response: Response,
  ): Promise<void> {
    const file = await this.#fileOf(request, name, principal, 'Read');
    await sendFile(this.stages, file, request, response);
  }

  @Delete('*path')
  @HttpCode(200)
  async removeOne(
    @Param('name') name: string,
    @Req() request: Request,
    @CurrentUser() principal: Principal,
  ): Promise<{ removed: number }> {
    const file = await this.#fileOf(request, name, principal, 'Write');
    await this.stages.removeFile(file.stage, file.name, fileConditions(request.headers));
    return { removed: 1 };
  }

  /** The file that the URL names, in a stage in which the caller has the right. */
  async #fileOf(
    request: Request,
    stageName: string,
    principal: Principal,
    privilege: Privilege,
  ): Promise<FileDownload> {
    refuseQueryOfFile(request);
    const stage = await this.stages.resolve(stageName, principal, privilege);
    return { stage, name: this.stages.fileName(stage, filePath(request)) };
  }
}

/** Of many files none can say which one is meant, and to pass a condition over would remove what it was to protect. */
function refuseConditions(headers: IncomingHttpHeaders): void {
  const { ifMatch, ifNoneMatch, ifUnmodifiedSince } = fileConditions(headers) ?? {};
  if ((ifMatch ?? ifNoneMatch ?? ifUnmodifiedSince) === undefined) return;
  throw new StageError(
    'InvalidRequest',
    'A removal by prefix or pattern takes no If-Match, If-None-Match or If-Unmodified-Since: remove a single file by its own URL.',
  );
}

/** The status is settled by the first piece: what fails before it is answered as an error. */
async function sendPieces(response: Response, pieces: AsyncGenerator<string>): Promise<void> {
  const first = await pieces.next();
  if (first.done === true) throw new StorageError('Unexpected', 'A listing ended before it began.');
  response.status(200).set('content-type', 'application/json; charset=utf-8');
  try {
    await pipeline(async function* () {
      yield first.value;
      yield* pieces;
    }, response);
  } finally {
    await pieces.return(undefined); // of a client that has left already nothing was read
  }
}
