import type { StageCatalog } from '../../../stages/catalog/stage-catalog.js';
import type { CreateStage } from '../../sql/ast.js';
import { NO_RESULT_SET, type StatementHandler } from '../statement-handler.js';

export function createStage(catalog: StageCatalog): StatementHandler<CreateStage> {
  return async ({ source, ...stage }, { principal }) => {
    await catalog.create({ ...stage, url: source?.url, connection: source?.connection }, principal);
    return NO_RESULT_SET;
  };
}
