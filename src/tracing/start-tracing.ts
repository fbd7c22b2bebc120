import { setTimeout as delay } from 'node:timers/promises';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Logger } from 'pino';
import { ConfigError } from '../config/config-error.js';
import type { TracingConfig } from '../config/tracing-config.js';
import { BoundedProcessor } from './bounded-processor.js';
import { LostSpans } from './lost-spans.js';
import { WorkSpans } from './work-spans.js';

/** Time that the last spans of a server get to reach the collector. */
const FLUSH_MS = 2000;

/** Sends what is left to the collector. Never rejects, and takes no longer than `FLUSH_MS`. */
export type StopTracing = () => Promise<void>;

/**
 * Sends a span of each request and of its parts to the collector of `OTEL_EXPORTER_OTLP_…`. Waits for nothing.
 *
 * @throws ConfigError if its endpoint is none.
 */
export function startTracing(config: TracingConfig, logger: Logger): StopTracing {
  if (config.endpointProblem !== undefined) throw new ConfigError([config.endpointProblem]);
  const lost = new LostSpans(logger);
  const processor = new BoundedProcessor(
    new OTLPTraceExporter(),
    // The bound of `BoundedProcessor` comes first, and is the one that counts.
    (exporter) => new BatchSpanProcessor(exporter, { maxQueueSize: config.maxQueuedSpans * 2 }),
    {
      limit: config.maxQueuedSpans,
      lost: (spans, error) => {
        lost.add(spans, error);
      },
    },
  );
  const resource = defaultResource()
    .merge(detectResources({ detectors: [envDetector] }))
    .merge(
      resourceFromAttributes({
        'service.name': config.serviceName,
        'service.version': config.serviceVersion,
      }),
    );
  const provider = new BasicTracerProvider({ resource, spanProcessors: [processor] });
  new WorkSpans(provider.getTracer('stagedoor', config.serviceVersion)).listen();
  logger.info({ context: 'Traces' }, 'traces are sent to the collector');
  for (const problem of config.problems) logger.warn({ context: 'Traces' }, problem);
  return async () => {
    const flushed = provider.shutdown().catch(() => undefined); // what was lost is counted
    await Promise.race([flushed, delay(FLUSH_MS, undefined, { ref: false })]);
    lost.report();
  };
}
