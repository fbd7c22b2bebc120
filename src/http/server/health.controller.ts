import { Controller, Get, Inject, ServiceUnavailableException } from '@nestjs/common';
import { Public } from '../../access/route-access.js';
import { IgnoreQuery } from '../request/query.decorators.js';
import { ShutdownState } from '../../common/shutdown-state.js';
import { READINESS, type Readiness } from '../../common/readiness.js';

/** For load balancers and container engines, without authentication. */
@IgnoreQuery()
@Controller()
export class HealthController {
  constructor(
    @Inject(READINESS) private readonly readiness: Readiness,
    private readonly shutdown: ShutdownState,
  ) {}

  /** Liveness: the process runs. */
  @Get('health')
  @Public()
  health(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** Readiness: the database answers, and the server is not shutting down. */
  @Get('ready')
  @Public()
  async ready(): Promise<{ status: 'ready' }> {
    if (this.shutdown.isStopping) throw new ServiceUnavailableException('The server is about to end.');
    await this.readiness.check();
    return { status: 'ready' };
  }
}
