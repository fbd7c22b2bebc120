import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import type { CheckState } from './check-state.js';
import { ShutdownState } from '../common/shutdown-state.js';
import { Metrics } from '../metrics/metrics.js';
import type { WatchedCheck } from './watched-check.js';

/** Interval of looks that nobody has asked for: with the patience of a check, a fault is reported within ten seconds. */
const LOOK_EVERY_MS = 4_000;
/** Time that `/ready` waits for looks that go on. It then tells the results before. */
const WAIT_MS = 850;

/** Injection token of the array of all `WatchedCheck`s. */
export const CHECKS = Symbol('CHECKS');

/** Can the service do its work? Knows it from checks that run in the background, too, so that the log tells it at once. */
@Injectable()
export class Readiness implements OnApplicationBootstrap, OnApplicationShutdown {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(CHECKS) private readonly checks: readonly WatchedCheck[],
    private readonly shutdown: ShutdownState,
    metrics: Metrics,
  ) {
    const help = 'Whether each check of /ready succeeds, as 1 or 0';
    metrics.addGauges('stagedoor_ready', help, 'check', async () =>
      Object.fromEntries((await this.states()).map(({ check, ok }) => [check, ok ? 1 : 0])),
    );
    const timesHelp = 'How long the last look of each check has taken, or was waited for';
    metrics.addGauges('stagedoor_check_seconds', timesHelp, 'check', () =>
      Object.fromEntries(checks.map(({ state, seconds }) => [state.check, seconds])),
    );
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => void this.#refresh(), LOOK_EVERY_MS).unref();
    void this.#refresh();
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
  }

  /** Takes less than a second. Never rejects. */
  async states(): Promise<readonly CheckState[]> {
    if (!this.shutdown.isStopping)
      await Promise.race([this.#refresh(), delay(WAIT_MS, undefined, { ref: false })]);
    return [...this.checks.map(({ state }) => state), this.#shutdownState()];
  }

  async #refresh(): Promise<void> {
    await Promise.all(this.checks.map((check) => check.refresh()));
  }

  #shutdownState(): CheckState {
    const check = 'shutdown';
    return this.shutdown.isStopping
      ? { check, ok: false, reason: 'The server is about to end.' }
      : { check, ok: true };
  }
}
