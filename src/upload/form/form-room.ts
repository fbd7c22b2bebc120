import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import { QuotaSpace } from '../../quotas/quota-space.js';
import type { OpenedStage } from '../../stages/files/stage.service.js';
import { declaredBytes } from '../body/incoming-body.js';

/** More than delimiter and headers of a form part can have. */
const MOST_AROUND_A_FILE = 32 * 1024;

/** Refuses forms whose files can never have room. */
@Injectable()
export class FormRoom {
  constructor(
    private readonly quotas: QuotaSpace,
    @Inject(APP_CONFIG) private readonly config: AppConfig,
  ) {}

  /**
   * Refuses by the declared length what is certain: files that have more bytes than their stage may hold at all. Whether they fit in
   * what is left shows when each of them comes, since they may replace others.
   *
   * @throws QuotaError of kind `QuotaExceeded`.
   */
  async assertMayFit(request: Request, stage: OpenedStage): Promise<void> {
    const formBytes = declaredBytes(request) ?? 0;
    await this.quotas.assertMayHold(stage, formBytes - this.config.upload.maxFiles * MOST_AROUND_A_FILE);
  }
}
