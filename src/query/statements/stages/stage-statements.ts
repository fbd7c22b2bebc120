import { Injectable } from '@nestjs/common';
import { StageCatalog } from '../../../stages/catalog/stage-catalog.js';
import { StageViews } from '../../../stages/catalog/stage-views.js';
import { ConnectionStatements } from '../connections/connection-statements.js';
import { OpenScans } from '../../rows/open-scans.js';
import { alterStage } from './alter-stage.js';
import { createStage } from './create-stage.js';
import { describeStage } from './describe-stage.js';
import { dropStage } from './drop-stage.js';
import { selectStages, showStages } from './show-stages.js';
import type { HandlersOf } from '../statement-handler.js';

/** Handlers of statements about stages and their connections. */
@Injectable()
export class StageStatements {
  readonly handlers: ConnectionStatements['handlers'] &
    HandlersOf<
      'create-stage' | 'alter-stage' | 'drop-stage' | 'show-stages' | 'describe-stage' | 'select-stages'
    >;

  constructor(catalog: StageCatalog, views: StageViews, connections: ConnectionStatements, scans: OpenScans) {
    this.handlers = {
      ...connections.handlers,
      'create-stage': createStage(catalog),
      'alter-stage': alterStage(catalog),
      'drop-stage': dropStage(catalog),
      'show-stages': showStages(catalog, views, scans),
      'describe-stage': describeStage(catalog, views),
      'select-stages': selectStages(catalog, views, scans),
    };
  }
}
