import type { Logger } from 'pino';
import { loggedError } from '../common/telemetry/logged-error.js';

/** A collector that is away for hours fills no log. */
const REPORT_INTERVAL_MS = 60_000;

/** Tells the log of lost spans: at once, and then once a minute as long as more are lost. */
export class LostSpans {
  readonly #logger: Logger;
  #lost = 0;
  #error: Error | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  add(spans: number, error?: Error): void {
    this.#lost += spans;
    this.#error = error ?? this.#error;
    if (this.#timer !== undefined) return;
    this.report();
    this.#timer = setInterval(() => {
      this.report();
    }, REPORT_INTERVAL_MS);
    this.#timer.unref();
  }

  /** Logs what was lost since the last report. */
  report(): void {
    if (this.#lost === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
      return;
    }
    const error = this.#error === undefined ? {} : { error: loggedError(this.#error) };
    this.#logger.warn({ context: 'Traces', dropped: this.#lost, ...error }, 'spans of traces were dropped');
    this.#lost = 0;
    this.#error = undefined;
  }
}
