import { Controller, Get, Param } from '@nestjs/common';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../access/principal.js';
import { Requires } from '../access/route-access.js';
import { NoQuery } from '../http/request/query.decorators.js';
import { UploadJournal } from '../journal/records/upload-journal.js';
import type { UploadFailure, UploadState } from '../journal/records/upload-state.js';
import type { RecordedFile } from '../journal/records/upload-record.js';

/** Reports the status of an upload. */
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
  @Requires('Read', 'upload')
  @NoQuery()
  async show(@Param('id') id: string, @CurrentUser() principal: Principal): Promise<UploadStatusAnswer> {
    const status = await this.journal.find(id, principal);
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
