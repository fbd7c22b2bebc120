import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common';
import { Public } from '../../access/route-access.js';
import { IgnoreQuery } from '../request/query.decorators.js';
import { ShutdownState } from '../../common/shutdown-state.js';
import { READINESS, type Readiness } from '../../common/readiness.js';

/** For load balancers and container engines, without a password. */
@IgnoreQuery()
@Controller()
export class HealthController {
  constructor(
    @Inject(READINESS) private readonly readiness: Readiness,
    private readonly shutdown: ShutdownState,
  ) {}

  /** The process is alive. */
  @Get('health')
  @Public()
  health(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** Requests can be served: the database answers, and the server is not about to end. */
  @Get('ready')
  @Public()
  async ready(): Promise<{ status: 'ready' }> {
    if (this.shutdown.isStopping) throw new ServiceUnavailableException('The server is about to end.');
    await this.readiness.check();
    return { status: 'ready' };
  }
}
