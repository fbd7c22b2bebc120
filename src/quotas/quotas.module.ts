import { Module } from '@nestjs/common';
import { FileMetadataModule } from '../file-metadata/file-metadata.module.js';
import { JournalModule } from '../journal/journal.module.js';
import { PeopleModule } from '../people/people.module.js';
import { StagesModule } from '../stages/stages.module.js';
import { DiskFloor } from './disk-floor.js';
import { QuotaController } from './quota.controller.js';
import { QUOTA_SERVICES } from './quota-services.js';
import { QuotaSpace } from './quota-space.js';
import { ReservationRepository } from './reservation.repository.js';
import { ReservationSweep } from './reservation-sweep.js';

/** How much stages may hold, and what they hold. */
@Module({
  imports: [FileMetadataModule, JournalModule, PeopleModule, StagesModule],
  controllers: [QuotaController],
  providers: [...QUOTA_SERVICES, ReservationRepository, ReservationSweep, QuotaSpace, DiskFloor],
  exports: [QuotaSpace, DiskFloor],
})
export class QuotasModule {}
