import { once } from 'node:events';
import { Logger } from '@nestjs/common';
import type { CheckState } from './check-state.js';
import { AppError } from '../common/app-error.js';
import { messageOf } from '../common/message-of.js';
import { traced, type TracedWork } from '../common/telemetry/traced-work.js';

export interface CheckOptions {
  /** As in answers, metrics, traces and the log. */
  readonly name: string;
  /** Time for which a result is reused. */
  readonly everyMs: number;
  /** Time after which a look that has not ended counts as failed. */
  readonly patienceMs: number;
  /** Time after which a look that succeeds is slow. */
  readonly slowMs?: number;
  /** Rejects if the service cannot work. */
  readonly look: (signal: AbortSignal) => Promise<void>;
  /** The reason for everybody. The log gets the error. */
  readonly reasonOf: (error: unknown) => string;
}

/** A look that has not ended in time. */
class LateLook extends AppError<'Unavailable'> {}

/** Runs one check from time to time, one look at a time, and logs when its result changes. */
export class WatchedCheck {
  readonly #logger = new Logger('Health');
  readonly #options: CheckOptions;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;
  /** A look that has not ended may block a thread: another one would block the next. */
  #isPending = false;
  #state: CheckState;
  #seconds = 0;
  #hasLooked = false;

  constructor(options: CheckOptions) {
    this.#options = options;
    this.#state = {
      check: options.name,
      ok: false,
      reason: `The check of the ${options.name} has not ended.`,
    };
  }

  get state(): CheckState {
    return this.#state;
  }

  /** How long the last look has taken, or was waited for. */
  get seconds(): number {
    return this.#seconds;
  }

  /** Resolves when the result is as new as it should be. Never rejects. */
  async refresh(): Promise<void> {
    const now = performance.now();
    if (!this.#isPending && now - this.#lookedAt >= this.#options.everyMs) {
      this.#lookedAt = now;
      this.#looking = this.#look();
    }
    await this.#looking;
  }

  async #look(): Promise<void> {
    const { name, reasonOf } = this.#options;
    const work: TracedWork = { name: `check ${name}`, kind: 'check', attributes: {} };
    try {
      await traced(work, () => this.#timed(work));
      const slow = this.#isSlow ? { slow: true as const } : {};
      this.#set({ check: name, ok: true, ...slow });
    } catch (error) {
      const reason = error instanceof LateLook ? error.message : reasonOf(error);
      this.#set({ check: name, ok: false, reason }, messageOf(error));
    }
  }

  get #isSlow(): boolean {
    return this.#seconds * 1000 >= (this.#options.slowMs ?? Number.POSITIVE_INFINITY);
  }

  async #timed(work: TracedWork): Promise<void> {
    const startedAt = performance.now();
    try {
      await this.#inTime();
    } finally {
      this.#seconds = (performance.now() - startedAt) / 1000;
      work.isSlow = this.#isSlow;
    }
  }

  async #inTime(): Promise<void> {
    const { name, patienceMs } = this.#options;
    const signal = AbortSignal.timeout(patienceMs);
    const running = this.#run(signal);
    running.catch(() => undefined); // it may fail after the race
    try {
      await Promise.race([running, once(signal, 'abort')]);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    if (!signal.aborted) return;
    throw new LateLook(
      'Unavailable',
      `The ${name} has not answered within ${String(patienceMs / 1000)} seconds.`,
    );
  }

  async #run(signal: AbortSignal): Promise<void> {
    this.#isPending = true;
    try {
      await this.#options.look(signal);
    } finally {
      this.#isPending = false;
    }
  }

  #set(state: CheckState, problem = ''): void {
    const last = this.#hasLooked ? this.#state : undefined;
    this.#hasLooked = true;
    this.#state = state;
    const { check, ok, slow } = state;
    if (ok === last?.ok && slow === last.slow) return;
    if (!ok) this.#logger.error({ msg: `not ready: ${problem}`, check, ok });
    else if (slow === true) {
      const msg = `slow: the ${check} has answered after ${this.#seconds.toFixed(1)} seconds`;
      this.#logger.warn({ msg, check, ok });
    } else if (last !== undefined)
      this.#logger.log({ msg: last.ok ? 'fast again' : 'ready again', check, ok });
  }
}
