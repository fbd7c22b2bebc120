import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags } from '@opentelemetry/api';
import type { Context, Span, Tracer } from '@opentelemetry/api';
import { AppError } from '../common/app-error.js';
import { currentWork, tracedWork, type TracedWork, type WorkKind } from '../common/telemetry/traced-work.js';
import { TRACEPARENT } from '../common/telemetry/traceparent.js';

const KINDS: Readonly<Record<WorkKind, SpanKind>> = {
  server: SpanKind.SERVER,
  check: SpanKind.INTERNAL,
  internal: SpanKind.INTERNAL,
  client: SpanKind.CLIENT,
};

/** Makes a span of all work on the channel that is a request, or a part of one. */
export class WorkSpans {
  readonly #tracer: Tracer;
  readonly #spans = new WeakMap<TracedWork, Span>();
  /** Times at which checks have begun: whether they are shown is known at their end. */
  readonly #checks = new WeakMap<TracedWork, Date>();

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  listen(): void {
    // Runs before the work, in the context of the work that it is a part of.
    tracedWork.start.bindStore(currentWork, (work) => {
      this.#begin(work);
      return work;
    });
    tracedWork.subscribe({
      // Subscribing to all is what lets `hasSubscribers` be true.
      start: () => undefined,
      end: () => undefined,
      asyncStart: () => undefined,
      error: (work) => {
        this.#fail(work, work.error);
      },
      asyncEnd: (work) => {
        this.#end(work);
      },
    });
  }

  #begin(work: TracedWork): void {
    if (work.kind === 'check') {
      this.#checks.set(work, new Date());
      return;
    }
    const parent = this.#parentOf(work);
    if (parent === undefined) return;
    const span = this.#tracer.startSpan(work.name, { kind: KINDS[work.kind] }, parent);
    work.traceId = span.spanContext().traceId;
    this.#spans.set(work, span);
  }

  /** @returns undefined for work that is no part of a request: nobody would look for a trace of it. */
  #parentOf(work: TracedWork): Context | undefined {
    if (work.kind === 'server') return remoteContext(work.traceparent);
    const parent = currentWork.getStore();
    const span = parent === undefined ? undefined : this.#spans.get(parent);
    return span === undefined ? undefined : trace.setSpan(ROOT_CONTEXT, span);
  }

  #fail(work: TracedWork, error: unknown): void {
    const kind = error instanceof AppError ? String(error.kind) : 'Internal';
    this.#show(work)?.setAttribute('error.type', kind).setStatus({ code: SpanStatusCode.ERROR });
  }

  #show(work: TracedWork): Span | undefined {
    const span = this.#spans.get(work);
    const startTime = this.#checks.get(work);
    if (span !== undefined || startTime === undefined) return span;
    const shown = this.#tracer.startSpan(work.name, { kind: KINDS.check, startTime }, ROOT_CONTEXT);
    this.#spans.set(work, shown);
    return shown;
  }

  #end(work: TracedWork): void {
    const span = work.isSlow === true ? this.#show(work) : this.#spans.get(work);
    if (span === undefined) return;
    for (const [name, value] of Object.entries(work.attributes)) {
      if (value !== undefined) span.setAttribute(name, value);
    }
    const status = work.attributes['http.response.status_code'];
    if (typeof status === 'number' && status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    span.updateName(work.name).end();
  }
}

/** A parent that another process has sent. */
function remoteContext(traceparent: string | undefined): Context {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return ROOT_CONTEXT;
  const traceFlags = Number.parseInt(flags, 16) & TraceFlags.SAMPLED;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}
