import { Controller, Get, Param, Req } from '@nestjs/common';
import type { Request } from 'express';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../auth/principal.js';
import { refuseQuery } from '../http/request/refuse-query.js';
import { UploadJournal } from '../journal/records/upload-journal.js';
import type { UploadFailure, UploadState } from '../journal/records/upload-state.js';
import type { RecordedFile } from '../journal/records/upload-record.js';

/** What became of an upload. */
export interface UploadStatusAnswer {
  readonly id: string;
  readonly stage_name: string;
  readonly user: string;
  readonly state: UploadState;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly files: readonly RecordedFile[];
  readonly error: UploadFailure | null;
}

@Controller('v1/uploads')
export class UploadStatusController {
  constructor(private readonly journal: UploadJournal) {}

  @Get(':id')
  show(
    @Param('id') id: string,
    @Req() request: Request,
    @CurrentUser() principal: Principal,
  ): UploadStatusAnswer {
    refuseQuery(request);
    const status = this.journal.find(id, principal);
    return {
      id: status.id,
      stage_name: status.stageName,
      user: status.userName,
      state: status.state,
      started_at: status.startedAt.toISOString(),
      ended_at: status.endedAt?.toISOString() ?? null,
      files: status.files,
      error: status.failure,
    };
  }
}
