import { Inject, Injectable } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Principal } from '../../access/principal.js';
import { LIMITED, LIMITED_BY, RateLimiter, rateRefusalText } from '../../access/rates/rate-limiter.js';
import { APP_CONFIG, type AppConfig } from '../../config/app-config.js';
import { RequestError } from '../../http/request/request-error.js';
import { reportFault } from '../../http/request/request-fault.js';
import type { CounterFamily } from '../../metrics/families.js';
import { Metrics } from '../../metrics/metrics.js';
import { outMeanwhile, RunningWork } from './running-work.js';

/** Counts requests whose user is known against the limits of user and token, and watches those that may have to end. */
@Injectable()
export class AcceptedRequests {
  readonly #limiter: RateLimiter;
  readonly #refused: CounterFamily;

  constructor(
    @Inject(APP_CONFIG) config: AppConfig,
    private readonly running: RunningWork,
    metrics: Metrics,
  ) {
    this.#limiter = new RateLimiter(config.rates.requests);
    const help = 'Requests beyond what their user or API token may have at once, or in a second';
    this.#refused = metrics.counters('stagedoor_requests_limited_total', help, {
      whose: LIMITED,
      by: LIMITED_BY,
    });
  }

  /** @throws RequestError of kind `TooManyRequests`. */
  count(principal: Principal, response: ServerResponse): void {
    if (!this.#limiter.isOn) return;
    const refusal = this.#limiter.enter(principal);
    if (refusal !== undefined) {
      this.#refused.child(refusal.whose, refusal.by).inc();
      const { retryAfterSeconds } = refusal;
      throw new RequestError('TooManyRequests', rateRefusalText(refusal, 'requests'), {
        context: { retryAfterSeconds },
      });
    }
    response.once('close', () => {
      this.#limiter.leave(principal);
    });
  }

  /** Ends the request when its user is out. */
  watch(principal: Principal, request: IncomingMessage, response: ServerResponse): void {
    const consequence =
      request.method === 'DELETE' ? 'What it has not removed yet stays.' : 'Nothing of it was stored.';
    const unwatch = this.running.watch(principal, () => {
      if (response.headersSent) response.destroy();
      else reportFault(request, outMeanwhile(consequence));
    });
    response.once('close', unwatch);
  }
}
