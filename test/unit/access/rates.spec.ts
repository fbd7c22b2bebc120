import { RateLimiter, rateRefusalText, type RateLimits } from '../../../src/access/rates/rate-limiter.js';
import { TokenBuckets } from '../../../src/access/rates/token-buckets.js';

describe('a bucket of tokens', () => {
  it('gives as many at once as a second allows, then one after the other', () => {
    const buckets = new TokenBuckets(4);
    const take = (now: number): number => buckets.take('a', now);
    expect([0, 0, 0, 0].map(() => take(1000))).toEqual([0, 0, 0, 0]);
    expect(take(1000)).toBe(250);
    expect(take(1100)).toBe(150);
    expect(take(1250)).toBe(0);
    expect(take(1250)).toBe(250);
  });

  it('is never fuller than a second fills it', () => {
    const buckets = new TokenBuckets(2);
    expect([1, 2, 3].map(() => buckets.take('a', 1_000_000))).toEqual([0, 0, 500]);
    expect([1, 2, 3].map(() => buckets.take('a', 9_000_000))).toEqual([0, 0, 500]);
  });

  it('is one for each key, and takes back', () => {
    const buckets = new TokenBuckets(1);
    expect(buckets.take('a', 0)).toBe(0);
    expect(buckets.take('b', 0)).toBe(0);
    expect(buckets.take('a', 0)).toBe(1000);
    buckets.giveBack('a');
    expect(buckets.take('a', 0)).toBe(0);
  });

  it('without a limit gives always', () => {
    const buckets = new TokenBuckets(0);
    expect(Array.from({ length: 100 }, () => buckets.take('a', 0)).every((wait) => wait === 0)).toBe(true);
  });

  it('keeps few of many keys, those of the last use', () => {
    const buckets = new TokenBuckets(1);
    for (let key = 0; key < 20_000; key++) buckets.take(String(key), 0);
    expect(buckets.take('19999', 0)).toBe(1000);
    expect(buckets.take('0', 0)).toBe(0);
  });
});

const NONE = { atOnce: 0, perSecond: 0 };
const user = { userId: 'u' };
const withToken = { userId: 'u', token: { id: 't', scope: undefined } };

describe('a limit of users and tokens', () => {
  const limiter = (limits: Partial<RateLimits>): RateLimiter =>
    new RateLimiter({ perUser: NONE, perToken: NONE, ...limits });

  it('counts nothing without a number', () => {
    expect(limiter({}).isOn).toBe(false);
    expect(limiter({}).enter(user)).toBeUndefined();
  });

  it('of a user holds for the user with a token as well', () => {
    const rates = limiter({ perUser: { atOnce: 2, perSecond: 0 } });
    expect(rates.enter(user)).toBeUndefined();
    expect(rates.enter(withToken)).toBeUndefined();
    expect(rates.enter(user)).toMatchObject({ whose: 'user', by: 'at_once', limit: 2, retryAfterSeconds: 1 });
    expect(rates.enter({ userId: 'v' })).toBeUndefined();
    rates.leave(withToken);
    expect(rates.enter(user)).toBeUndefined();
  });

  it('of a token holds for each token by itself, and not for the password', () => {
    const rates = limiter({ perToken: { atOnce: 1, perSecond: 0 } });
    expect(rates.enter(withToken)).toBeUndefined();
    expect(rates.enter(withToken)).toMatchObject({ whose: 'token', by: 'at_once' });
    expect(rates.enter({ userId: 'u', token: { id: 't2', scope: undefined } })).toBeUndefined();
    expect(rates.enter(user)).toBeUndefined();
  });

  it('of a token that refuses leaves the rate of the user as it was', () => {
    const rates = limiter({
      perUser: { atOnce: 2, perSecond: 3 },
      perToken: { atOnce: 0, perSecond: 1 },
    });
    expect(rates.enter(withToken)).toBeUndefined();
    for (let i = 0; i < 5; i++)
      expect(rates.enter(withToken)).toMatchObject({ whose: 'token', by: 'per_second' });
    expect(rates.enter(user)).toBeUndefined();
    expect(rates.enter(user)).toMatchObject({ whose: 'user', by: 'at_once' });
  });

  it('says what to do', () => {
    const refusal = { limit: 3, retryAfterSeconds: 1 } as const;
    expect(rateRefusalText({ ...refusal, whose: 'user', by: 'at_once' }, 'requests')).toBe(
      'You may have 3 requests at the same time on this server: wait until one has ended.',
    );
    expect(rateRefusalText({ ...refusal, whose: 'token', by: 'per_second' }, 'uploads')).toBe(
      'The API token of this request may have 3 uploads a second on this server: try again in 1 seconds.',
    );
  });
});
