import { hash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { RateLimiterAbstract, RateLimiterRes as Refusal } from 'rate-limiter-flexible';
import { AuthError } from '../auth-error.js';
import { LIMITER_FACTORY, RateLimiterRes, type LimiterFactory } from './limiters.js';

/** Guesses per name and window, from all addresses together. Any minute can contain at most twice as many. */
const GUESSES_PER_NAME = 50;
const WINDOW_SECONDS = 60;
/** Consecutive wrong passwords for one name from one network that cause no delay. */
const HONEST_MISTAKES = 10;
/** Time without a wrong password that ends a streak. */
const STREAK_SECONDS = 3600;
const MAX_DELAY_SECONDS = 300;
/** Number of counters that unknown names share, which bounds memory. */
const UNKNOWN_NAMES = 4096;
/** Time for which successful credentials bypass the limits, whatever others try. */
const REMEMBERED_RIGHT_MS = 86_400_000;
const MAX_REMEMBERED_RIGHT = 10_000;

export interface SignInAttempt {
  readonly name: string;
  readonly isKnownName: boolean;
  readonly address: string;
  /** Digest of name and password, under a key of this process. */
  readonly credentials: string;
}

type SignInOrigin = Pick<SignInAttempt, 'address' | 'credentials'>;

/**
 * Limits password guessing. Each verified guess counts for its name. Consecutive wrong ones for a name from a network
 * delay the next, each time longer.
 */
@Injectable()
export class SignInThrottle {
  readonly #guesses: RateLimiterAbstract;
  readonly #streaks: RateLimiterAbstract;
  readonly #delays: RateLimiterAbstract;
  /** Known to this server only: a digest of a right password is kept in no database. */
  readonly #right = new LRUCache<string, true>({
    max: MAX_REMEMBERED_RIGHT,
    ttl: REMEMBERED_RIGHT_MS,
    ttlResolution: 1000, // by default it asks for the time, and starts a timer, once a millisecond
  });

  constructor(@Inject(LIMITER_FACTORY) limiter: LimiterFactory) {
    this.#guesses = limiter('guesses', { points: GUESSES_PER_NAME, duration: WINDOW_SECONDS });
    this.#streaks = limiter('streaks', { points: HONEST_MISTAKES, duration: STREAK_SECONDS });
    this.#delays = limiter('delays', { points: 1, duration: MAX_DELAY_SECONDS });
  }

  /**
   * Counts an attempt as a guess until `succeed` refunds it, so that concurrent guesses count before the first is
   * verified.
   *
   * @param assertRoom throws where nothing could verify the guess now. It then costs no counter, which may be rows of a database.
   * @throws AuthError of kind `TooManyAttempts`, or what `assertRoom` throws.
   */
  async begin(attempt: SignInAttempt, assertRoom?: () => void): Promise<void> {
    if (this.wasRight(attempt)) return;
    const delay = await this.#delays.get(pairKey(attempt));
    if (delay !== null && delay.msBeforeNext > 0) throw tooManyAttempts(delay);
    assertRoom?.();
    try {
      await this.#guesses.consume(nameKey(attempt));
    } catch (refusal) {
      throw refusal instanceof RateLimiterRes ? tooManyAttempts(refusal) : refusal;
    }
  }

  /** Records a wrong password. */
  async fail(attempt: SignInAttempt): Promise<void> {
    const key = pairKey(attempt);
    const { consumedPoints } = await this.#streaks.penalty(key);
    const beyond = consumedPoints - HONEST_MISTAKES;
    if (beyond > 0) await this.#delays.block(key, Math.min(2 ** beyond, MAX_DELAY_SECONDS));
  }

  /** Reports whether these credentials were recently correct, from this network. */
  wasRight(attempt: SignInOrigin): boolean {
    return this.#right.has(rightKey(attempt));
  }

  /** Records correct credentials: they bypass the limits from this network from now on, whatever others try. */
  remember(attempt: SignInOrigin): void {
    const key = rightKey(attempt);
    if (!this.#right.has(key)) this.#right.set(key, true); // cheaper at every request
  }

  /** Records a correct password. */
  async succeed(attempt: SignInAttempt): Promise<void> {
    const wasCounted = !this.wasRight(attempt);
    this.remember(attempt);
    await this.#streaks.delete(pairKey(attempt));
    if (wasCounted) await this.refund(attempt);
  }

  /** Refunds an attempt that was not verified. */
  async refund(attempt: SignInAttempt): Promise<void> {
    await this.#guesses.reward(nameKey(attempt));
  }
}

function nameKey({ name, isKnownName }: SignInAttempt): string {
  return isKnownName ? `known ${name}` : `unknown ${bucketOf(name)}`;
}

function pairKey({ name, isKnownName, address }: SignInAttempt): string {
  const network = networkOf(address);
  return isKnownName ? `known ${name} ${network}` : `unknown ${bucketOf(`${name} ${network}`)}`;
}

function rightKey({ credentials, address }: SignInOrigin): string {
  return `${credentials} ${networkOf(address)}`;
}

function bucketOf(text: string): string {
  return String(hash('sha256', text, 'buffer').readUInt32BE(0) % UNKNOWN_NAMES);
}

/** Returns the network of an address: an IPv6 client controls a whole /64. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.replace(/%.*$/, '').split('::', 2);
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(Math.max(0, 8 - groups.length - after.length)).fill('0');
  return [...groups, ...zeros, ...after].slice(0, 4).join(':');
}

function tooManyAttempts({ msBeforeNext }: Refusal): AuthError {
  const seconds = Math.max(1, Math.ceil(msBeforeNext / 1000));
  return new AuthError(
    'TooManyAttempts',
    `Authentication failed: too many wrong passwords. Try again in ${String(seconds)} seconds.`,
    { context: { retryAfterSeconds: seconds } },
  );
}
