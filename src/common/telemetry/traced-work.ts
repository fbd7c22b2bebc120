import { AsyncLocalStorage } from 'node:async_hooks';
import { tracingChannel } from 'node:diagnostics_channel';

/**
 * `server`: a request, which begins a trace. `check`: a look of the server at itself, shown only where it fails or is slow. The others are
 * shown below the work that they are a part of, or not at all.
 */
export type WorkKind = 'server' | 'check' | 'internal' | 'client';

/** Work that a trace shows as a span. */
export interface TracedWork {
  /** May change until the work ends. */
  name: string;
  readonly kind: WorkKind;
  /** W3C Trace Context of the caller. */
  readonly traceparent?: string | undefined;
  /** Facts about the work, never a secret. May change until the work ends. */
  readonly attributes: Record<string, string | number | undefined>;
  /** Whether a check has taken long. */
  isSlow?: boolean;
  /** Set by the tracing, if it is on. */
  traceId?: string;
}

/** The channel on which the tracing, if it is on, hears of work. */
export const tracedWork = tracingChannel<unknown, TracedWork>('stagedoor.work');
/** The work in progress, if the tracing is on. */
export const currentWork = new AsyncLocalStorage<TracedWork>();

/** Runs work that a trace shows. Without the tracing, it only runs it. */
export function traced<Result>(work: TracedWork, run: () => Promise<Result>): Promise<Result> {
  return tracedWork.hasSubscribers ? tracedWork.tracePromise(run, work) : run();
}

/** Is the tracing on? */
export function isTracing(): boolean {
  return tracedWork.hasSubscribers;
}

/** Remembers the work in progress for events of streams, which come without it. */
export function inCurrentWork(): <Result>(run: () => Result) => Result {
  const work = currentWork.getStore();
  return work === undefined ? (run) => run() : (run) => currentWork.run(work, run);
}
