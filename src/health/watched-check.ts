import { once } from 'node:events';
import { Logger } from '@nestjs/common';
import type { CheckState } from './check-state.js';
import { messageOf } from '../common/message-of.js';

export interface CheckOptions {
  /** As in answers, metrics and the log. */
  readonly name: string;
  /** Time for which a result is reused. */
  readonly everyMs: number;
  /** Time after which a look that has not ended counts as failed. */
  readonly patienceMs: number;
  /** Rejects if the service cannot work. */
  readonly look: (signal: AbortSignal) => Promise<void>;
  /** The reason for everybody. The log gets the error. */
  readonly reasonOf: (error: unknown) => string;
}

/** Runs one check from time to time, one look at a time, and logs when its result changes. */
export class WatchedCheck {
  readonly #logger = new Logger('Health');
  readonly #options: CheckOptions;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;
  /** A look that has not ended may block a thread: another one would block the next. */
  #isPending = false;
  #state: CheckState;
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
    const { name, patienceMs, reasonOf } = this.#options;
    const signal = AbortSignal.timeout(patienceMs);
    const running = this.#run(signal);
    running.catch(() => undefined); // it may fail after the race
    try {
      await Promise.race([running, aborted(signal)]);
      this.#set({ check: name, ok: true });
    } catch (error) {
      const reason = signal.aborted ? lateness(name, patienceMs) : reasonOf(error);
      this.#set({ check: name, ok: false, reason }, signal.aborted ? reason : messageOf(error));
    }
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
    const { check, ok } = state;
    const isNews = ok !== this.#state.ok || !this.#hasLooked;
    const isRecovery = ok && this.#hasLooked;
    this.#hasLooked = true;
    this.#state = state;
    if (!isNews) return;
    if (!ok) this.#logger.error({ msg: `not ready: ${problem}`, check, ok });
    else if (isRecovery) this.#logger.log({ msg: 'ready again', check, ok });
  }
}

/** Rejects when the signal fires. */
async function aborted(signal: AbortSignal): Promise<never> {
  await once(signal, 'abort');
  throw signal.reason as Error; // that of AbortSignal.timeout
}

function lateness(name: string, patienceMs: number): string {
  return `The ${name} has not answered within ${String(patienceMs / 1000)} seconds.`;
}
