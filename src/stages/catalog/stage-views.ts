import { Injectable } from '@nestjs/common';
import { StorageRegistry } from '../../storage/storage-registry.js';
import { stageView, type StageView } from './stage-view.js';
import type { Stage } from './stage.js';

/** Stages as they are shown, for those who know nothing of storage. */
@Injectable()
export class StageViews {
  constructor(private readonly registry: StorageRegistry) {}

  view(stage: Stage): StageView {
    return stageView(stage, (connection) => this.registry.describe(connection));
  }
}
