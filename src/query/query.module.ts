import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditTrailModule } from '../audit/trail/audit-trail.module.js';
import { AuthModule } from '../auth/auth.module.js';
import { PresignedModule } from '../presigned/presigned.module.js';
import { PeopleModule } from '../people/people.module.js';
import { UsersModule } from '../users/users.module.js';
import { StagesModule } from '../stages/stages.module.js';
import { ChangingRuns } from './runs/changing-runs.js';
import { PageCursors } from './protocol/page-cursor.js';
import { QueryController } from './protocol/query.controller.js';
import { QueryRecordEntity } from './runs/query-record.entity.js';
import { QueryRecordRepository } from './runs/query-record.repository.js';
import { QueryRecords } from './runs/query-records.js';
import { QueryService } from './protocol/query.service.js';
import { OpenScans } from './rows/open-scans.js';
import { SessionController } from './protocol/session.controller.js';
import { StatementFailures } from './statement-failures.js';
import { AuditedStatements } from './audited-statements.js';
import { StatementExecutor } from './statement-executor.js';
import { StreamingLoadController } from './protocol/streaming-load.controller.js';
import { ConnectionStatements } from './statements/connections/connection-statements.js';
import { FileStatements } from './statements/file-statements.js';
import { GrantStatements } from './statements/people/grant-statements.js';
import { PeopleStatements } from './statements/people/people-statements.js';
import { RoleStatements } from './statements/people/role-statements.js';
import { UserStatements } from './statements/people/user-statements.js';
import { StageStatements } from './statements/stages/stage-statements.js';

/** Databend's session and query protocol, for statements about stages. */
@Module({
  imports: [
    TypeOrmModule.forFeature([QueryRecordEntity]),
    AuditTrailModule,
    AuthModule,
    UsersModule,
    PeopleModule,
    StagesModule,
    PresignedModule,
  ],
  controllers: [SessionController, QueryController, StreamingLoadController],
  providers: [
    QueryRecordRepository,
    QueryRecords,
    ChangingRuns,
    StatementFailures,
    PageCursors,
    OpenScans,
    StageStatements,
    FileStatements,
    ConnectionStatements,
    UserStatements,
    RoleStatements,
    GrantStatements,
    PeopleStatements,
    StatementExecutor,
    AuditedStatements,
    QueryService,
  ],
})
export class QueryModule {}
