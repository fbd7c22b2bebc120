import { Controller, Get, Param } from '@nestjs/common';
import { CurrentUser } from '../auth/current-user.decorator.js';
import type { Principal } from '../access/principal.js';
import { Requires } from '../access/route-access.js';
import { NoQuery, QueryParams } from '../http/request/query.decorators.js';
import { UploadJournal } from '../journal/records/upload-journal.js';
import { UploadList } from '../journal/records/upload-list.js';
import {
  LIST_UPLOADS,
  uploadListQueryFrom,
  uploadPageView,
  uploadStatusView,
  type ListUploadsQuery,
  type UploadPageView,
  type UploadStatusView,
} from './upload-status.dto.js';

/** Reports the status of uploads. */
@Controller('v1/uploads')
export class UploadStatusController {
  constructor(
    private readonly journal: UploadJournal,
    private readonly uploads: UploadList,
  ) {}

  @Get()
  @Requires('ShowUploads', 'service')
  async list(
    @QueryParams(LIST_UPLOADS) query: ListUploadsQuery,
    @CurrentUser() principal: Principal,
  ): Promise<UploadPageView> {
    return uploadPageView(await this.uploads.page(uploadListQueryFrom(query), principal));
  }

  @Get(':id')
  @Requires('Read', 'upload')
  @NoQuery()
  async show(@Param('id') id: string, @CurrentUser() principal: Principal): Promise<UploadStatusView> {
    return uploadStatusView(await this.journal.find(id, principal));
  }
}
