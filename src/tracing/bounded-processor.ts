import type { Context } from '@opentelemetry/api';
import type { ReadableSpan, Span, SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace-base';

type Done = Parameters<SpanExporter['export']>[1];

/** Counts spans that are lost. */
export type CountLost = (spans: number, error?: Error) => void;

/**
 * Keeps at most so many spans for a collector that is slow or away. Further ones are dropped and counted: no request waits for a
 * collector.
 */
export class BoundedProcessor implements SpanProcessor {
  readonly #inner: SpanProcessor;
  readonly #limit: number;
  readonly #lost: CountLost;
  #waiting = 0;

  /** @param makeInner makes the processor that sends in batches by the exporter that it is given. */
  constructor(
    exporter: SpanExporter,
    makeInner: (exporter: SpanExporter) => SpanProcessor,
    options: { readonly limit: number; readonly lost: CountLost },
  ) {
    this.#limit = options.limit;
    this.#lost = options.lost;
    this.#inner = makeInner({
      export: (spans, done) => {
        exporter.export(spans, this.#counted(spans.length, done));
      },
      shutdown: () => exporter.shutdown(),
      forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
    });
  }

  onStart(span: Span, context: Context): void {
    this.#inner.onStart(span, context);
  }

  onEnd(span: ReadableSpan): void {
    if (this.#waiting >= this.#limit) {
      this.#lost(1);
      return;
    }
    this.#waiting++;
    this.#inner.onEnd(span);
  }

  forceFlush(): Promise<void> {
    return this.#inner.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#inner.shutdown();
  }

  #counted(spans: number, done: Done): Done {
    return (result) => {
      this.#waiting -= spans;
      if (result.error !== undefined) this.#lost(spans, result.error);
      done(result);
    };
  }
}
