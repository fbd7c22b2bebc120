import { Controller, Get } from '@nestjs/common';
import { z } from 'zod';
import { pageLimit } from '../../http/request/page-limit.js';
import type { Principal } from '../../access/principal.js';
import { Requires } from '../../access/route-access.js';
import { CurrentUser } from '../../auth/current-user.decorator.js';
import { QueryParams } from '../../http/request/query.decorators.js';
import { ListCursors, type CursorScope } from '../list-cursors.js';
import { StageCatalog } from './stage-catalog.js';
import type { CatalogStage } from './stage.js';
import type { StageView } from './stage-view.js';
import { StageViews } from './stage-views.js';

const MAX_LIMIT = 1000;

const SHOW_STAGES = z.strictObject({
  like: z.string().optional(),
  cursor: z.string().optional(),
  limit: pageLimit(MAX_LIMIT).optional(),
});
type ShowStagesQuery = z.output<typeof SHOW_STAGES>;

/** SHOW STAGES over REST: all of them, or in pages. */
@Controller('v1/stages')
export class StageListController {
  constructor(
    private readonly catalog: StageCatalog,
    private readonly views: StageViews,
    private readonly cursors: ListCursors,
  ) {}

  @Get()
  @Requires('ShowStages', 'service')
  async show(
    @QueryParams(SHOW_STAGES) { like, cursor, limit = Infinity }: ShowStagesQuery,
    @CurrentUser() principal: Principal,
  ): Promise<{ stages: StageView[]; next_cursor: string | null }> {
    const scope = scopeOf(like, principal);
    const after = cursor === undefined ? undefined : this.cursors.read(scope, cursor).after;
    const found: CatalogStage[] = [];
    for await (const batch of this.catalog.show(principal, { like, after })) {
      found.push(...batch);
      if (found.length > limit) break;
    }
    const stages = found.slice(0, limit);
    const last = stages.length < found.length ? stages.at(-1) : undefined;
    return {
      stages: stages.map(await this.views.viewer()),
      next_cursor: last === undefined ? null : this.cursors.write(scope, { after: last.name }),
    };
  }
}

function scopeOf(like: string | undefined, { userId }: Principal): CursorScope {
  return { reader: [userId], place: ['stages'], selection: [like] };
}
