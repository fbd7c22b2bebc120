import type { IncomingHttpHeaders } from 'node:http';
import { Controller, Delete, Get, Head, Headers, HttpCode, Param, Res } from '@nestjs/common';
import type { Response } from 'express';
import { CurrentUser } from '../../auth/current-user.decorator.js';
import type { Principal } from '../../access/principal.js';
import type { Privileges } from '../../access/privileges.js';
import { Requires } from '../../access/route-access.js';
import { acceptedType } from '../../http/request/accepted-type.js';
import { clientSignal } from '../../http/request/client-signal.js';
import { NoQueryOfFile, QueryParams } from '../../http/request/query.decorators.js';
import { RequestError } from '../../http/request/request-error.js';
import {
  LIST_FILES,
  pageQueryFrom,
  REMOVE_FILES,
  removeQueryFrom,
  type ListFilesQuery,
  type RemoveFilesQuery,
} from './file-query.dto.js';
import { type FileDownload, sendFile, sendFileHeaders } from './file-download.js';
import { FileListings } from './listing/file-listings.js';
import { LISTING_TYPES, sendListing } from './listing/send-listing.js';
import { fileConditions } from './conditions/file-conditions.js';
import { FilePath } from './file-path.decorator.js';
import { StageService } from './stage.service.js';

/** The files of a stage: LIST, download and REMOVE over REST. */
@Controller('v1/stages/:name/files')
export class StageFilesController {
  constructor(
    private readonly stages: StageService,
    private readonly listings: FileListings,
  ) {}

  @Get()
  @Requires('Read', 'stage')
  async list(
    @Param('name') name: string,
    @QueryParams(LIST_FILES) query: ListFilesQuery,
    @CurrentUser() principal: Principal,
    @Res() response: Response,
  ): Promise<void> {
    const selection = pageQueryFrom(query);
    const type = acceptedType(response, LISTING_TYPES);
    const stage = await this.stages.resolve(name, principal, 'Read');
    const page = this.listings.page(stage, selection, { principal, signal: clientSignal(response) });
    await sendListing(response, page, { type, hasPrefixes: selection.delimiter !== undefined });
  }

  @Delete()
  @Requires('Write', 'stage')
  async remove(
    @Param('name') name: string,
    @QueryParams(REMOVE_FILES) query: RemoveFilesQuery,
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<{ removed: number }> {
    assertNoConditions(response.req.headers);
    const selection = { ...removeQueryFrom(query), signal: clientSignal(response) };
    const stage = await this.stages.resolve(name, principal, 'Write');
    return { removed: await this.stages.removeFiles(stage, selection) };
  }

  @Head('*path')
  @Requires('Read', 'stage')
  @NoQueryOfFile()
  async stat(
    @Param('name') name: string,
    @FilePath() path: string,
    @CurrentUser() principal: Principal,
    @Res() response: Response,
  ): Promise<void> {
    const file = await this.#fileOf({ name, path }, principal, 'Read');
    await sendFileHeaders(this.stages, file, response.req, response);
  }

  @Get('*path')
  @Requires('Read', 'stage')
  @NoQueryOfFile()
  async download(
    @Param('name') name: string,
    @FilePath() path: string,
    @CurrentUser() principal: Principal,
    @Res() response: Response,
  ): Promise<void> {
    const file = await this.#fileOf({ name, path }, principal, 'Read');
    await sendFile(this.stages, file, response.req, response);
  }

  @Delete('*path')
  @Requires('Write', 'stage')
  @HttpCode(200)
  @NoQueryOfFile()
  async removeOne(
    @Param('name') name: string,
    @FilePath() path: string,
    @Headers() headers: IncomingHttpHeaders,
    @CurrentUser() principal: Principal,
  ): Promise<{ removed: number }> {
    const file = await this.#fileOf({ name, path }, principal, 'Write');
    await this.stages.removeFile(file.stage, file.name, fileConditions(headers));
    return { removed: 1 };
  }

  /** Resolves the file that the URL names, in a stage for which the caller has the privilege. */
  async #fileOf(
    url: { readonly name: string; readonly path: string },
    principal: Principal,
    privilege: Privileges['stage'],
  ): Promise<FileDownload> {
    const stage = await this.stages.resolve(url.name, principal, privilege);
    return { stage, name: this.stages.fileName(stage, url.path) };
  }
}

/**
 * Rejects conditions: with many files it is unclear which one they mean, and ignoring them would remove a file that
 * they protect.
 */
function assertNoConditions(headers: IncomingHttpHeaders): void {
  const { ifMatch, ifNoneMatch, ifUnmodifiedSince } = fileConditions(headers) ?? {};
  if ((ifMatch ?? ifNoneMatch ?? ifUnmodifiedSince) === undefined) return;
  throw new RequestError(
    'InvalidRequest',
    'A removal by prefix or pattern takes no If-Match, If-None-Match or If-Unmodified-Since: remove a single file by its own URL.',
  );
}
