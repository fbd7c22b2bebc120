import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../../access/principal.js';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import { StageService, type OpenedStage } from '../../stages/files/stage.service.js';
import { DiskFloor } from '../../quotas/disk-floor.js';
import { QuotaSpace } from '../../quotas/quota-space.js';
import type { UploadRecord } from '../../journal/records/upload-record.js';
import { FileStore } from './file-consumer.js';

/** Creates stores for the files of uploads. */
@Injectable()
export class FileStores {
  constructor(
    private readonly stages: StageService,
    private readonly quotas: QuotaSpace,
    private readonly floor: DiskFloor,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  storeInto(stage: OpenedStage, uploader: Principal, record: UploadRecord): FileStore {
    // A repeated request is compared by its md5.
    const checksums = this.config.upload.md5 || record.hasIdempotencyKey ? (['md5'] as const) : [];
    const { quotas, floor } = this;
    return new FileStore(this.stages, stage, { uploader, checksums, record, quotas, floor });
  }
}
