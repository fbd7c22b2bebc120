import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Registry } from 'prom-client';
import { VERSION } from '../config/version.js';
import { CounterFamily, HistogramFamily, type LabelChoices } from './families.js';
import { addProcessMetrics } from './process-metrics.js';

/** Of what takes from a fraction of a millisecond to a minute: a query, a store's operation, a request. */
export const SECONDS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
];

/** Of what may take hours: an upload, a download. */
export const LONG_SECONDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600];

interface HistogramOptions {
  readonly labels: LabelChoices;
  readonly buckets: number[];
}

/** The service's metrics. Each module creates its own here. */
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

  /** Answers that were errors, and statements that have failed, by the kind that the answer names. */
  readonly errors = this.counters('stagedoor_errors_total', 'Errors in answers, by their kind', { kind: [] });

  constructor() {
    addProcessMetrics(this);
    const labels = { version: VERSION, node_version: process.version };
    const help = 'The version that runs; the value is 1';
    new Gauge({
      name: 'stagedoor_build_info',
      help,
      labelNames: Object.keys(labels),
      registers: [this.registry],
    }).set(labels, 1);
  }

  counters(name: string, help: string, labels: LabelChoices): CounterFamily {
    return new CounterFamily({ name, help, labels, registry: this.registry });
  }

  histograms(name: string, help: string, { labels, buckets }: HistogramOptions): HistogramFamily {
    return new HistogramFamily({ name, help, labels, buckets, registry: this.registry });
  }

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

  /** Adds a counter whose value is read at each scrape, for what is counted anyway. */
  addCounter(name: string, help: string, value: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(value());
      },
    });
  }

  /** Adds a gauge with one label, whose values are read at each scrape. */
  addGauges(
    name: string,
    help: string,
    label: string,
    values: () => Readonly<Record<string, number>> | Promise<Readonly<Record<string, number>>>,
  ): void {
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [this.registry],
      async collect() {
        const current = await values();
        this.reset();
        for (const [value, number] of Object.entries(current)) this.set({ [label]: value }, number);
      },
    });
  }
}
