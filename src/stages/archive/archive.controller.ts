import { Controller, Get, Param, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { Principal } from '../../access/principal.js';
import { Requires } from '../../access/route-access.js';
import { CurrentUser } from '../../auth/current-user.decorator.js';
import { clientSignal } from '../../http/request/client-signal.js';
import { QueryParams } from '../../http/request/query.decorators.js';
import { tellDownload } from '../../http/request/request-facts.js';
import { sendPieces } from '../../http/request/send-body.js';
import { attachment } from '../files/content-disposition.js';
import { StageService } from '../files/stage.service.js';
import { ARCHIVE, type ArchiveQuery } from './archive.dto.js';
import { stageArchive } from './stage-archive.js';

@Controller('v1/stages')
export class ArchiveController {
  constructor(private readonly stages: StageService) {}

  @Get(':name/zip')
  @Requires('Read', 'stage')
  async zip(
    @Param('name') name: string,
    @QueryParams(ARCHIVE) query: ArchiveQuery,
    @CurrentUser() principal: Principal,
    @Res() response: Response,
  ): Promise<void> {
    const signal = clientSignal(response);
    const stage = await this.stages.resolve(name, principal, 'Read');
    const files = this.stages.statFiles(stage, { ...query, signal });
    const download = { stageKind: stage.stage.kind, bytes: 0 };
    await sendPieces(counted(stageArchive(stage, files, signal), download), response, () => {
      if (response.req.method === 'GET') tellDownload(response, download);
      response.status(200).set({
        'content-type': 'application/zip',
        'content-disposition': attachment(archiveName(name, query)),
        'x-content-type-options': 'nosniff',
        'cache-control': 'private, no-store',
      });
    });
  }
}

/** Adds the bytes of an archive to the facts about its download. */
async function* counted(pieces: AsyncGenerator<Buffer>, download: { bytes: number }): AsyncGenerator<Buffer> {
  for await (const piece of pieces) {
    download.bytes += piece.length;
    yield piece;
  }
}

/** `shelf` and `2026/nov/` make `shelf-2026-nov.zip`. */
function archiveName(stage: string, { prefix = '' }: ArchiveQuery): string {
  const parts = [stage === '~' ? 'files' : stage, ...prefix.split('/')];
  return `${parts.filter((part) => part !== '').join('-')}.zip`;
}
