import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal.js';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import { StageService, type OpenedStage } from '../../stages/files/stage.service.js';
import type { UploadRecord } from '../../journal/records/upload-record.js';
import { StoredFiles } from './upload-files.js';

/** Opens stages for the files of uploads. */
@Injectable()
export class StageFiles {
  constructor(
    private readonly stages: StageService,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  storeInto(stage: OpenedStage, uploader: Principal, record: UploadRecord): StoredFiles {
    // What can be sent again is compared by its md5 then.
    const checksums = this.config.upload.md5 || record.isRepeatable ? (['md5'] as const) : [];
    return new StoredFiles(this.stages, stage, { uploader, checksums, record });
  }
}
