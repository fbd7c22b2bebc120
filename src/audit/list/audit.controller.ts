import { Controller, Get } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import { Requires } from '../../access/route-access.js';
import { CurrentUser } from '../../auth/current-user.decorator.js';
import { QueryParams } from '../../http/request/query.decorators.js';
import { auditQueryFrom, LIST_AUDIT, type ListAuditQuery } from './audit-query.dto.js';
import { AuditList } from './audit-list.js';
import type { AuditPageView } from './audit-view.js';

/** Events of the audit, for administrators. */
@Controller('v1/audit')
export class AuditController {
  constructor(private readonly audit: AuditList) {}

  @Get()
  @Requires('ShowAudit', 'service')
  async list(
    @QueryParams(LIST_AUDIT) query: ListAuditQuery,
    @CurrentUser() principal: Principal,
  ): Promise<AuditPageView> {
    return this.audit.page(auditQueryFrom(query), principal);
  }
}
