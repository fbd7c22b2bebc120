import { Controller, Get } from '@nestjs/common';
import { Public } from '../access/route-access.js';
import type { CheckState } from './check-state.js';
import { VERSION } from '../config/version.js';
import { IgnoreQuery } from '../http/request/query.decorators.js';
import { HealthError } from './health-error.js';
import { Readiness } from './readiness.js';

/** For load balancers, container engines and those who roll out versions: without authentication, and without a secret. */
@IgnoreQuery()
@Controller()
export class HealthController {
  constructor(private readonly readiness: Readiness) {}

  /** Liveness: the process runs. */
  @Get('health')
  @Public()
  health(): { status: 'ok' } {
    return { status: 'ok' };
  }

  /** Readiness: what requests need is there. @throws HealthError */
  @Get('ready')
  @Public()
  async ready(): Promise<{ status: 'ready'; checks: readonly CheckState[] }> {
    const checks = await this.readiness.states();
    if (!checks.every(({ ok }) => ok)) throw new HealthError(checks);
    return { status: 'ready', checks };
  }

  /** The version alone. What it runs on is in the metrics, for those who may see them. */
  @Get('version')
  @Public()
  version(): { version: string } {
    return { version: VERSION };
  }
}
