import { Controller, Get, Param, Res } from '@nestjs/common';
import type { Response } from 'express';
import type { Principal } from '../../access/principal.js';
import { Requires } from '../../access/route-access.js';
import { CurrentUser } from '../../auth/current-user.decorator.js';
import { clientSignal } from '../../http/request/client-signal.js';
import { QueryParams } from '../../http/request/query.decorators.js';
import { StageTotals } from './stage-totals.js';
import { TOTALS, type TotalsQuery } from './totals.dto.js';

/** Answer of the totals. */
export interface TotalsView {
  readonly files: number;
  readonly bytes: number;
  /** When the count began. */
  readonly as_of: string;
  /** Was the store asked, or are these the files that this service has stored? */
  readonly fresh: boolean;
}

@Controller('v1/stages')
export class TotalsController {
  constructor(private readonly totals: StageTotals) {}

  @Get(':name/totals')
  @Requires('Read', 'stage')
  async count(
    @Param('name') name: string,
    @QueryParams(TOTALS) { prefix = '', fresh }: TotalsQuery,
    @CurrentUser() principal: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<TotalsView> {
    const options = { prefix, isFresh: fresh === 'true', signal: clientSignal(response) };
    const asOf = new Date().toISOString();
    const counted = await this.totals.count(name, principal, options);
    return { ...counted, as_of: asOf, fresh: options.isFresh };
  }
}
