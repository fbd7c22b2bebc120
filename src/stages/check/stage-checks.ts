import { Injectable } from '@nestjs/common';
import type { Stage } from '../catalog/stage.js';
import { StageStorage } from '../files/stage-storage.js';
import { StageCheckError } from '../stage-check-error.js';
import type { CheckReport } from './check-report.js';
import { StoreCheck } from './store-check.js';

/** Checks whether a stage's store can currently be listed, written, read and deleted from. */
@Injectable()
export class StageChecks {
  constructor(private readonly storage: StageStorage) {}

  /** Takes at most five seconds. Problems are in the report. */
  async check(stage: Stage): Promise<CheckReport> {
    const { storage } = this.storage.open(stage);
    return new StoreCheck(storage, { createsRoot: stage.kind !== 'external' }).report();
  }

  /** @throws StageCheckError with the report, if a check failed. */
  async assertWorking(stage: Stage): Promise<void> {
    const report = await this.check(stage);
    if (!report.ok) throw new StageCheckError(report);
  }
}
