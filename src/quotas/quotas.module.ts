import { Module } from '@nestjs/common';
import { FileMetadataModule } from '../file-metadata/file-metadata.module.js';
import { JournalModule } from '../journal/journal.module.js';
import { PeopleModule } from '../people/people.module.js';
import { StagesModule } from '../stages/stages.module.js';
import { LimitedStages, OwnStages } from './limited-stages.js';
import { QuotaController } from './quota.controller.js';
import { QuotaSpace } from './quota-space.js';
import { ReservationRepository } from './reservation.repository.js';
import { ReservationSweep } from './reservation-sweep.js';
import { StageCounter } from './stage-counter.js';
import { StageQuotas } from './stage-quotas.js';
import { StageUseRepository } from './stage-use.repository.js';

/** Services that set and show quotas, for commands as well. */
export const QUOTA_SERVICES = [StageUseRepository, StageCounter, OwnStages, LimitedStages, StageQuotas];

/** How much stages may hold, and what they hold. */
@Module({
  imports: [FileMetadataModule, JournalModule, PeopleModule, StagesModule],
  controllers: [QuotaController],
  providers: [...QUOTA_SERVICES, ReservationRepository, ReservationSweep, QuotaSpace],
  exports: [QuotaSpace],
})
export class QuotasModule {}
