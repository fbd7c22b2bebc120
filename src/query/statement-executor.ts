import { Injectable } from '@nestjs/common';
import { PresignedUrls } from '../presigned/presigned-urls.js';
import { ConnectionCatalog } from '../stages/connection-catalog.js';
import { StageCatalog } from '../stages/stage-catalog.js';
import { StageService } from '../stages/stage.service.js';
import { StageViews } from '../stages/stage-views.js';
import type { Statement } from './sql/ast.js';
import { alterStage } from './statements/alter-stage.js';
import {
  createConnection,
  describeConnection,
  dropConnection,
  showConnections,
} from './statements/connections.js';
import { createStage } from './statements/create-stage.js';
import { describeStage } from './statements/describe-stage.js';
import { dropStage } from './statements/drop-stage.js';
import { presign } from './statements/presign.js';
import { removeFiles } from './statements/remove-files.js';
import { selectFiles } from './statements/select-files.js';
import { selectValues, set, showNothing, showSettings, unset, use } from './statements/session-statements.js';
import { showStages } from './statements/show-stages.js';
import type {
  StatementContext,
  StatementHandler,
  StatementHandlers,
  StatementResult,
} from './statements/statement-handler.js';
import { unsupported } from './statements/unsupported.js';

/** From a statement to the service that does it. */
@Injectable()
export class StatementExecutor {
  readonly #handlers: StatementHandlers;

  constructor(
    catalog: StageCatalog,
    stages: StageService,
    connections: ConnectionCatalog,
    urls: PresignedUrls,
    views: StageViews,
  ) {
    this.#handlers = {
      'create-stage': createStage(catalog),
      'alter-stage': alterStage(catalog),
      'drop-stage': dropStage(catalog),
      'show-stages': showStages(catalog, views),
      'describe-stage': describeStage(catalog, views),
      'select-files': selectFiles(stages),
      remove: removeFiles(stages),
      presign: presign(stages, urls),
      'create-connection': createConnection(connections),
      'drop-connection': dropConnection(connections),
      'describe-connection': describeConnection(connections),
      'show-connections': showConnections(connections),
      'select-values': selectValues,
      use,
      set,
      unset,
      'show-settings': showSettings,
      'show-nothing': showNothing,
      unsupported,
    };
  }

  async run(statement: Statement, context: StatementContext): Promise<StatementResult> {
    // The table's type says that the handler of a kind takes the statement of that kind; a look-up cannot.
    const handler = this.#handlers[statement.kind] as StatementHandler;
    return handler(statement, context);
  }
}
