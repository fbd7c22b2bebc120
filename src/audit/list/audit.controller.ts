import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { Principal } from '../../access/principal.js';
import { Requires } from '../../access/route-access.js';
import { CurrentUser } from '../../auth/current-user.decorator.js';
import { acceptedType } from '../../http/request/accepted-type.js';
import { QueryParams } from '../../http/request/query.decorators.js';
import { auditQueryFrom, LIST_AUDIT, type ListAuditQuery } from './audit-query.dto.js';
import { LISTING_TYPES, sendPage } from '../../stages/files/listing/send-listing.js';
import { auditPieces } from './audit-formats.js';
import { AuditList } from './audit-list.js';

/** Events of the audit, for administrators. */
@Controller('v1/audit')
export class AuditController {
  constructor(private readonly audit: AuditList) {}

  @Get()
  @Requires('ShowAudit', 'service')
  async list(
    @QueryParams(LIST_AUDIT) query: ListAuditQuery,
    @CurrentUser() principal: Principal,
    @Res() response: Response,
  ): Promise<void> {
    const type = acceptedType(response, LISTING_TYPES);
    const page = await this.audit.page(auditQueryFrom(query), principal);
    await sendPage(response, auditPieces(page, type), type);
  }
}
