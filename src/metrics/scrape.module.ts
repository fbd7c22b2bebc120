import { Module } from '@nestjs/common';
import { MetricsController } from './metrics.controller.js';
import { MetricsServer } from './metrics-server.js';

/** Shows the metrics of a server. A command shows none: it has no port. */
@Module({ controllers: [MetricsController], providers: [MetricsServer] })
export class ScrapeModule {}
