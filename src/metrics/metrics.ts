import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';

/** The service's own counters and gauges. */
@Injectable()
export class Metrics {
  readonly registry = new Registry();

  readonly orphans = new Gauge({
    name: 'stagedoor_upload_leftovers',
    help: 'Leftovers of uploads that the last sweep could not remove',
    registers: [this.registry],
  });

  readonly orphansRemoved = new Counter({
    name: 'stagedoor_upload_leftovers_removed_total',
    help: 'Leftovers of uploads that were removed: temporary files and multipart uploads',
    labelNames: ['scheme'],
    registers: [this.registry],
  });

  readonly orphanFailures = new Counter({
    name: 'stagedoor_upload_leftover_failures_total',
    help: 'Attempts to remove a leftover that have failed',
    labelNames: ['scheme'],
    registers: [this.registry],
  });

  /** Adds a gauge whose value is read at each scrape. */
  addGauge(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(value());
      },
    });
  }
}
