import { Controller, Get, Head, Put, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Public } from '../access/route-access.js';
import { isSameMediaType } from '../http/request/media-type.js';
import { NoQueryOfFile } from '../http/request/query.decorators.js';
import { tellLog } from '../http/request/request-facts.js';
import { type FileDownload, sendFile, sendFileHeaders } from '../stages/files/file-download.js';
import { StageService } from '../stages/files/stage.service.js';
import { RawUploads } from '../upload/raw/raw-uploads.js';
import { PresignedUrlError } from './presigned-error.js';
import { readPresignedPath, type PresignedPath } from './presigned-path.js';
import { PRESIGNED_ROUTE, PresignedUrls } from './presigned-urls.js';

/**
 * What a URL that this service has signed points at. The token is the credential: whoever else the request says it comes
 * from does not matter.
 */
@Controller(PRESIGNED_ROUTE)
export class PresignedController {
  constructor(
    private readonly urls: PresignedUrls,
    private readonly stages: StageService,
    private readonly uploads: RawUploads,
  ) {}

  @Head('*token')
  @Public()
  @NoQueryOfFile()
  async stat(@Req() request: Request, @Res() response: Response): Promise<void> {
    forbidStoring(response);
    await sendFileHeaders(this.stages, await this.#fileOf(request, response), request, response);
  }

  @Get('*token')
  @Public()
  @NoQueryOfFile()
  async download(@Req() request: Request, @Res() response: Response): Promise<void> {
    forbidStoring(response);
    await sendFile(this.stages, await this.#fileOf(request, response), request, response);
  }

  /** Status 200 whether the file is new or not: stock clients ask for exactly that. The answer is its row. */
  @Put('*token')
  @Public()
  @NoQueryOfFile()
  async upload(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<object> {
    forbidStoring(response);
    refuseIdempotencyKey(request);
    const { contentType, ...target } = await this.urls.open(pathOf(request), request.method);
    tellLog(response, { user: target.principal.name });
    requireContentType(request, contentType);
    const row = await this.uploads.receive(request, response, target);
    response.status(200);
    return row;
  }

  async #fileOf(request: Request, response: Response): Promise<FileDownload> {
    const { stage, path, otherwise, principal } = await this.urls.open(pathOf(request), request.method);
    tellLog(response, { user: principal.name });
    return { stage, name: this.stages.fileName(stage, path), otherwise };
  }
}

/** @throws PresignedUrlError of kind `WrongContentType`. */
function requireContentType({ headers }: Request, signed: string | undefined): void {
  if (signed === undefined || isSameMediaType(headers['content-type'] ?? '', signed)) return;
  throw new PresignedUrlError(
    'WrongContentType',
    `This presigned URL is for an upload with the header Content-Type: ${signed}. Send that.`,
  );
}

/**
 * Under the key of somebody else's URL an upload of the user's own could be answered, or kept from being stored.
 *
 * @throws PresignedUrlError of kind `IdempotencyKeyRefused`.
 */
function refuseIdempotencyKey({ headers }: Request): void {
  if (headers['idempotency-key'] === undefined) return;
  throw new PresignedUrlError(
    'IdempotencyKeyRefused',
    'A presigned URL takes no Idempotency-Key: leave the header out. The same PUT may be sent again, with If-None-Match: * where it must not replace a file.',
  );
}

/** A proxy may keep neither a file nor the word that there is none: both are for who holds the URL alone. */
function forbidStoring(response: Response): void {
  response.set('cache-control', 'private, no-store');
}

/** As it came: what is no token is refused by its signature, not by its escapes. */
function pathOf(request: Request): PresignedPath {
  return readPresignedPath(request.path.slice(`/${PRESIGNED_ROUTE}/`.length));
}
