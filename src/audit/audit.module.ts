import { Module } from '@nestjs/common';
import { StagesModule } from '../stages/stages.module.js';
import { AuditController } from './list/audit.controller.js';
import { AuditList } from './list/audit-list.js';
import { AuditRepository } from './list/audit.repository.js';
import { RequestAudit } from './requests/request-audit.js';
import { AuditRetention } from './trail/audit-retention.js';
import { AuditTrailModule } from './trail/audit-trail.module.js';

@Module({
  imports: [AuditTrailModule, StagesModule],
  controllers: [AuditController],
  providers: [AuditRepository, AuditList, AuditRetention, RequestAudit],
})
export class AuditModule {}
