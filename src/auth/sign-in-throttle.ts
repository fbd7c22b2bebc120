import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { AuthError } from './auth-error.js';

/** So many wrong passwords of one user from one peer are an honest mistake. */
const ALLOWED_FAILURES = 20;
const WINDOW_SECONDS = 60;
/** The oldest entries go first, so that an attacker with many names costs bounded memory. */
const REMEMBERED = 10_000;

/** Slows guessing: after too many wrong passwords a user is refused from that peer until the window has passed. */
@Injectable()
export class SignInThrottle {
  readonly #failures = new LRUCache<string, { count: number }>({
    max: REMEMBERED,
    ttl: WINDOW_SECONDS * 1000,
  });

  /**
   * Counts an attempt as failed until `succeed` takes it back: guesses at once are counted before the first is judged.
   *
   * @throws AuthError of kind `TooManyAttempts`.
   */
  begin(name: string, address: string): void {
    const key = keyOf(name, address);
    const entry = this.#failures.get(key);
    if (entry === undefined) this.#failures.set(key, { count: 1 });
    else if (entry.count < ALLOWED_FAILURES) entry.count++;
    else throw this.#tooManyAttempts(key);
  }

  /** The attempt was no wrong password. */
  succeed(name: string, address: string): void {
    const entry = this.#failures.get(keyOf(name, address));
    if (entry !== undefined) entry.count--;
  }

  #tooManyAttempts(key: string): AuthError {
    const seconds = Math.ceil(this.#failures.getRemainingTTL(key) / 1000);
    return new AuthError(
      'TooManyAttempts',
      `Authentication failed: too many wrong passwords. Try again in ${String(seconds)} seconds.`,
      { context: { retryAfterSeconds: seconds } },
    );
  }
}

function keyOf(name: string, address: string): string {
  return JSON.stringify([name, address]);
}
