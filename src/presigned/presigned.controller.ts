import { Controller, Get, Head, Put, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Public } from '../access/route-access.js';
import { tellAudit } from '../audit/requests/handler-facts.js';
import { AcceptedRequests } from '../auth/running/accepted-requests.js';
import { clientAddress } from '../http/request/forwarding.js';
import { isSameMediaType } from '../http/request/media-type.js';
import { NoQueryOfFile } from '../http/request/query.decorators.js';
import { tellLog } from '../http/request/request-facts.js';
import { REQUEST_ID_HEADER } from '../http/request/request-id-header.js';
import { type FileDownload, sendFile, sendFileHeaders } from '../stages/files/file-download.js';
import { StageService } from '../stages/files/stage.service.js';
import { RawUploads } from '../upload/raw/raw-uploads.js';
import { PresignedUrlError } from './presigned-error.js';
import { readPresignedPath, type PresignedPath } from './presigned-path.js';
import { PRESIGNED_ROUTE, PresignedUrls, type VerifiedUrl } from './presigned-urls.js';

/** Serves the URLs that this service has signed. The token is the credential: any other credentials are ignored. */
@Controller(PRESIGNED_ROUTE)
export class PresignedController {
  constructor(
    private readonly urls: PresignedUrls,
    private readonly stages: StageService,
    private readonly uploads: RawUploads,
    private readonly accepted: AcceptedRequests,
  ) {}

  @Head('*token')
  @Public()
  @NoQueryOfFile()
  async stat(@Req() request: Request, @Res() response: Response): Promise<void> {
    forbidCaching(response);
    await sendFileHeaders(this.stages, await this.#fileOf(request, response), request, response);
  }

  @Get('*token')
  @Public()
  @NoQueryOfFile()
  async download(@Req() request: Request, @Res() response: Response): Promise<void> {
    forbidCaching(response);
    await sendFile(this.stages, await this.#fileOf(request, response), request, response);
  }

  /** Answers 200 for new and replaced files alike, as stock clients require. The answer is the file's row. */
  @Put('*token')
  @Public()
  @NoQueryOfFile()
  async upload(@Req() request: Request, @Res({ passthrough: true }) response: Response): Promise<object> {
    forbidCaching(response);
    assertNoIdempotencyKey(request);
    const { contentType, ...target } = await this.#verify(request, response);
    assertContentType(request, contentType);
    const row = await this.uploads.receive(request, response, target);
    response.status(200);
    return row;
  }

  /** Verifies the URL. The request ends when its user is out. */
  async #verify(request: Request, response: Response): Promise<VerifiedUrl> {
    const requestId = String(response.getHeader(REQUEST_ID_HEADER));
    const origin = { address: clientAddress(request), requestId };
    const verified = await this.urls.verify(pathOf(request), request.method, origin);
    tellAudit(response, { actor: verified.principal, path: verified.path });
    tellLog(response, { user: verified.principal.name });
    this.accepted.count(verified.principal, response);
    this.accepted.watch(verified.principal, request, response);
    return verified;
  }

  async #fileOf(request: Request, response: Response): Promise<FileDownload> {
    const { stage, path, otherwise } = await this.#verify(request, response);
    return { stage, name: this.stages.fileName(stage, path), otherwise };
  }
}

/** @throws PresignedUrlError of kind `WrongContentType`. */
function assertContentType({ headers }: Request, signed: string | undefined): void {
  if (signed === undefined || isSameMediaType(headers['content-type'] ?? '', signed)) return;
  throw new PresignedUrlError(
    'WrongContentType',
    `This presigned URL is for an upload with the header Content-Type: ${signed}. Send that.`,
  );
}

/**
 * With a key, the holder of a URL could get the answer of the user's own upload, or block that upload.
 *
 * @throws PresignedUrlError of kind `IdempotencyKeyRefused`.
 */
function assertNoIdempotencyKey({ headers }: Request): void {
  if (headers['idempotency-key'] === undefined) return;
  throw new PresignedUrlError(
    'IdempotencyKeyRefused',
    'A presigned URL takes no Idempotency-Key: leave the header out. The same PUT may be sent again, with If-None-Match: * where it must not replace a file.',
  );
}

/** Proxies must cache neither a file nor a 404. Both are only for the holder of the URL. */
function forbidCaching(response: Response): void {
  response.set('cache-control', 'private, no-store');
}

/** Not decoded: the signature check rejects an invalid token, so that bad escapes need no error of their own. */
function pathOf(request: Request): PresignedPath {
  return readPresignedPath(request.path.slice(`/${PRESIGNED_ROUTE}/`.length));
}
