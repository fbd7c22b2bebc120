import { Controller, Get, Res } from '@nestjs/common';
import type { Response } from 'express';
import { OpenToMetricsToken, Requires } from '../access/route-access.js';
import { IgnoreQuery } from '../http/request/query.decorators.js';
import { Metrics } from './metrics.js';

/** Metrics for Prometheus: for users, and for who has `METRICS_TOKEN`. */
@IgnoreQuery()
@Controller('metrics')
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  @Requires('Monitor', 'service')
  @OpenToMetricsToken()
  async show(@Res() response: Response): Promise<void> {
    const { registry } = this.metrics;
    response.set('content-type', registry.contentType).send(await registry.metrics());
  }
}
