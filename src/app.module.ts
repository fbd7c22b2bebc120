import { Module, type DynamicModule } from '@nestjs/common';
import { AuditModule } from './audit/audit.module.js';
import { AuthModule } from './auth/auth.module.js';
import type { AppConfig } from './config/app-config.js';
import { ConfigModule } from './config/config.module.js';
import { DatabaseModule } from './database/database.module.js';
import { HealthModule } from './health/health.module.js';
import { HttpModule } from './http/http.module.js';
import { KeysModule } from './keys/keys.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { ScrapeModule } from './metrics/scrape.module.js';
import { OpenApiModule } from './openapi/openapi.module.js';
import { PeopleModule } from './people/people.module.js';
import { PresignedModule } from './presigned/presigned.module.js';
import { QuotasModule } from './quotas/quotas.module.js';
import { QueryModule } from './query/query.module.js';
import { StagesModule } from './stages/stages.module.js';
import { UploadModule } from './upload/upload.module.js';
import { RootModule } from './users/root.module.js';

/** The only file that combines the modules. */
@Module({})
export class AppModule {
  static forRoot(config: AppConfig): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.forRoot(config),
        KeysModule,
        DatabaseModule.forRoot(config, { migrates: true }),
        MetricsModule,
        HttpModule,
        // The router looks through routes in this order: first those that are asked for most.
        UploadModule,
        StagesModule,
        PresignedModule,
        QueryModule,
        ScrapeModule,
        HealthModule,
        RootModule,
        AuthModule,
        PeopleModule,
        QuotasModule,
        AuditModule,
        OpenApiModule,
      ],
    };
  }
}
