import type { Principal } from '../principal.js';
import { TokenBuckets } from './token-buckets.js';

/** Zero for no limit. */
export interface Rate {
  /** At the same time. */
  readonly atOnce: number;
  readonly perSecond: number;
}

/** Limits of a user with all requests, and of each API token of its own. */
export interface RateLimits {
  readonly perUser: Rate;
  readonly perToken: Rate;
}

export const LIMITED = ['user', 'token'] as const;
export const LIMITED_BY = ['at_once', 'per_second'] as const;

/** A limit that would be exceeded. */
export interface RateRefusal {
  readonly whose: (typeof LIMITED)[number];
  readonly by: (typeof LIMITED_BY)[number];
  readonly limit: number;
  /** A second at least. */
  readonly retryAfterSeconds: number;
}

type Caller = Pick<Principal, 'userId' | 'token'>;

/** Counts by keys. */
class Limit {
  readonly #rate: Rate;
  readonly #whose: RateRefusal['whose'];
  readonly #buckets: TokenBuckets;
  readonly #running = new Map<string, number>();

  constructor(whose: RateRefusal['whose'], rate: Rate) {
    this.#whose = whose;
    this.#rate = rate;
    this.#buckets = new TokenBuckets(rate.perSecond);
  }

  enter(key: string): RateRefusal | undefined {
    const running = this.#running.get(key) ?? 0;
    const { atOnce, perSecond } = this.#rate;
    if (atOnce > 0 && running >= atOnce)
      return { whose: this.#whose, by: 'at_once', limit: atOnce, retryAfterSeconds: 1 };
    const waitMs = this.#buckets.take(key);
    if (waitMs > 0) {
      const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / 1000));
      return { whose: this.#whose, by: 'per_second', limit: perSecond, retryAfterSeconds };
    }
    if (atOnce > 0) this.#running.set(key, running + 1);
    return undefined;
  }

  leave(key: string): void {
    const running = this.#running.get(key);
    if (running === undefined) return;
    if (running === 1) this.#running.delete(key);
    else this.#running.set(key, running - 1);
  }

  /** Takes back an `enter` that another limit has refused. */
  undo(key: string): void {
    this.#buckets.giveBack(key);
    this.leave(key);
  }
}

/** Limits what users and API tokens do at once and in a second, on this server. */
export class RateLimiter {
  readonly #user: Limit;
  readonly #token: Limit;
  /** Without limits nothing is counted. */
  readonly isOn: boolean;

  constructor({ perUser, perToken }: RateLimits) {
    this.#user = new Limit('user', perUser);
    this.#token = new Limit('token', perToken);
    this.isOn = [perUser, perToken].some(({ atOnce, perSecond }) => atOnce + perSecond > 0);
  }

  /** Counts a beginning. The caller calls `leave` at its end, unless it was refused. */
  enter({ userId, token }: Caller): RateRefusal | undefined {
    if (!this.isOn) return undefined;
    const refusal = this.#user.enter(userId);
    if (refusal !== undefined || token === undefined) return refusal;
    const ofToken = this.#token.enter(token.id);
    if (ofToken !== undefined) this.#user.undo(userId);
    return ofToken;
  }

  leave({ userId, token }: Caller): void {
    if (!this.isOn) return;
    this.#user.leave(userId);
    if (token !== undefined) this.#token.leave(token.id);
  }
}

/** As the first sentence of an answer. @param things such as `requests`. */
export function rateRefusalText(
  { whose, by, limit, retryAfterSeconds }: RateRefusal,
  things: string,
): string {
  const who = whose === 'user' ? 'You' : 'The API token of this request';
  const rate = by === 'at_once' ? 'at the same time' : 'a second';
  const advice =
    by === 'at_once' ? 'wait until one has ended' : `try again in ${String(retryAfterSeconds)} seconds`;
  return `${who} may have ${String(limit)} ${things} ${rate} on this server: ${advice}.`;
}
