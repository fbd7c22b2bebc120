import { Injectable } from '@nestjs/common';
import { StorageRegistry } from '../../storage/storage-registry.js';
import { stageView, type StageView } from './stage-view.js';
import type { Stage } from './stage.js';

/** Builds stage views for modules without access to storage. */
@Injectable()
export class StageViews {
  constructor(private readonly registry: StorageRegistry) {}

  view(stage: Stage): StageView {
    return stageView(stage, (connection) => this.registry.describe(connection));
  }
}
