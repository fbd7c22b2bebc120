import { Injectable } from '@nestjs/common';
import type { Stage } from '../catalog/stage.js';
import { StorageRegistry } from '../../storage/storage-registry.js';
import { StageStorage } from '../files/stage-storage.js';
import { StageCheckError } from '../stage-check-error.js';
import type { CheckReport } from './check-report.js';
import { StoreCheck } from './store-check.js';

/** Checks whether a stage's store can currently be listed, written, read and deleted from. */
@Injectable()
export class StageChecks {
  constructor(
    private readonly storage: StageStorage,
    private readonly registry: StorageRegistry,
  ) {}

  /** Takes at most five seconds. Problems are in the report. */
  async check(stage: Stage): Promise<CheckReport> {
    const { storage } = this.storage.open(stage);
    return new StoreCheck(storage, { createsRoot: stage.kind !== 'external' }).report();
  }

  /** Checks the whole internal storage, in the same way. */
  async checkInternal(): Promise<CheckReport> {
    const storage = this.registry.open(this.storage.internal());
    return new StoreCheck(storage, { createsRoot: false }).report();
  }

  /** @throws StageCheckError with the report, if a check failed. */
  async assertWorking(stage: Stage): Promise<void> {
    const report = await this.check(stage);
    if (!report.ok) throw new StageCheckError(report);
  }
}
