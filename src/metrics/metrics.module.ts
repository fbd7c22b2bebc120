import { Global, Module } from '@nestjs/common';
import { Metrics } from './metrics.js';
import { MetricsToken } from './metrics-token.js';

/** Counts, for servers and commands alike. */
@Global()
@Module({ providers: [Metrics, MetricsToken], exports: [Metrics, MetricsToken] })
export class MetricsModule {}
