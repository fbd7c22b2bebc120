import { pipeline } from 'node:stream/promises';
import { Controller, Delete, Get, Head, HttpCode, Param, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/principal.js';
import { clientSignal } from '../common/client-signal.js';
import { StorageError } from '../storage/contract/storage-error.js';
import { askedRange, bodyHeaders, fileHeaders, isKnownToClient, rangeStillFits } from './download-headers.js';
import { listQueryFrom, removeQueryFrom } from './dto/file-query.dto.js';
import { fileListJson } from './file-list-json.js';
import { StageError } from './stage-error.js';
import { StageService, type OpenedStage } from './stage.service.js';

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
    @Query() query: unknown,
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ removed: number }> {
    const selection = { ...removeQueryFrom(query), signal: clientSignal(response) };
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
    const stage = await this.stages.resolve(name, principal, 'Read');
    const stat = await this.stages.statFile(stage, filePath(request), { signal: clientSignal(response) });
    response.set(fileHeaders(stat));
    if (isKnownToClient(request, stat.etag)) response.status(304);
    else response.set('content-length', String(stat.size));
    response.end();
  }

  @Get('*path')
  async download(
    @Param('name') name: string,
    @Req() request: Request,
    @CurrentUser() principal: Principal,
    @Res() response: Response,
  ): Promise<void> {
    const stage = await this.stages.resolve(name, principal, 'Read');
    await this.sendFile(stage, request, response);
  }

  @Delete('*path')
  @HttpCode(200)
  async removeOne(
    @Param('name') name: string,
    @Req() request: Request,
    @CurrentUser() principal: Principal,
  ): Promise<{ removed: number }> {
    const stage = await this.stages.resolve(name, principal, 'Write');
    await this.stages.removeFile(stage, filePath(request));
    return { removed: 1 };
  }

  private async sendFile(stage: OpenedStage, request: Request, response: Response): Promise<void> {
    const path = filePath(request);
    const signal = clientSignal(response);
    let range = askedRange(request);
    if (request.headers['if-none-match'] !== undefined || request.headers['if-range'] !== undefined) {
      const stat = await this.stages.statFile(stage, path, { signal });
      if (isKnownToClient(request, stat.etag)) {
        response.status(304).set(fileHeaders(stat)).end();
        return;
      }
      if (!rangeStillFits(request, stat.etag)) range = undefined;
    }
    const file = await this.stages.openFile(stage, path, { range, signal });
    response.status(range === undefined ? 200 : 206).set({
      ...fileHeaders(file.stat),
      ...bodyHeaders(file, range !== undefined),
    });
    await pipeline(file.body, response);
  }
}

/** The file's path in its stage, from the URL as it came: a client may escape any character, slashes too. */
function filePath(request: Request): string {
  const [, raw = ''] = /^\/v1\/stages\/[^/]+\/files\/(.*)$/.exec(request.path) ?? [];
  try {
    return decodeURIComponent(raw);
  } catch {
    throw new StageError('InvalidRequest', 'The path in the URL is not valid percent-encoded UTF-8.');
  }
}

/** The status is settled by the first piece: what fails before it is answered as an error. */
async function sendPieces(response: Response, pieces: AsyncGenerator<string>): Promise<void> {
  const first = await pieces.next();
  if (first.done === true) throw new StorageError('Unexpected', 'A listing ended before it began.');
  response.status(200).set('content-type', 'application/json; charset=utf-8');
  await pipeline(async function* () {
    yield first.value;
    yield* pieces;
  }, response);
}
