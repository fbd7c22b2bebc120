import { Module } from '@nestjs/common';
import { AuditTrail } from './audit-trail.js';
import { SignIns } from './sign-ins.js';

/** Recorders of events, for all that serve requests. */
@Module({ providers: [AuditTrail, SignIns], exports: [AuditTrail, SignIns] })
export class AuditTrailModule {}
