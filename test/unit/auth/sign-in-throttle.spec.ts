import { jest } from '@jest/globals';
import { AuthError } from '../../../src/auth/auth-error.js';
import { type SignInAttempt, SignInThrottle } from '../../../src/auth/throttle/sign-in-throttle.js';
import { inMemory } from './in-memory-limiters.js';

const ATTEMPT: SignInAttempt = {
  name: 'root',
  isKnownName: true,
  address: '10.0.0.1',
  credentials: 'a digest of the right ones',
};

let throttle: SignInThrottle;

beforeEach(() => {
  jest.useFakeTimers({ now: 0, doNotFake: ['nextTick', 'queueMicrotask', 'performance'] });
  throttle = new SignInThrottle(inMemory);
});
afterEach(() => {
  jest.useRealTimers();
});

/** Wrong passwords, one after the other; how many of them were judged. */
async function guess(count: number, attempt: Partial<SignInAttempt> = {}): Promise<number> {
  let judged = 0;
  for (let each = 0; each < count; each++) {
    const wrong = { ...ATTEMPT, ...attempt, credentials: `wrong ${String(each)}` };
    if ((await retryAfter(wrong)) !== undefined) continue;
    judged += 1;
    await throttle.fail(wrong);
  }
  return judged;
}

async function retryAfter(attempt: Partial<SignInAttempt> = {}): Promise<number | undefined> {
  try {
    await throttle.begin({ ...ATTEMPT, ...attempt });
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(AuthError);
    expect(error).toMatchObject({ kind: 'TooManyAttempts' });
    return Number((error as AuthError).context['retryAfterSeconds']);
  }
}

describe('the throttle of wrong passwords', () => {
  it('lets ten mistakes pass, and then delays each next one longer', async () => {
    expect(await guess(10)).toBe(10);
    const delays: (number | undefined)[] = [];
    for (let round = 0; round < 4; round++) {
      expect(await guess(1)).toBe(1);
      const seconds = await retryAfter();
      delays.push(seconds);
      jest.advanceTimersByTime((seconds ?? 0) * 1000 + 1);
    }
    expect(delays).toEqual([2, 4, 8, 16]);
  });

  it('does not prolong the delay for who goes on trying', async () => {
    await guess(11);
    jest.advanceTimersByTime(1000);
    expect(await guess(20)).toBe(0);
    expect(await retryAfter()).toBe(1);
  });

  it('refuses only that name from only that network', async () => {
    await guess(20);
    expect(await retryAfter()).toBeDefined();
    expect(await retryAfter({ name: 'ann' })).toBeUndefined();
    expect(await retryAfter({ address: '10.0.0.2' })).toBeUndefined();
  });

  it('counts all addresses of an IPv6 client as one network', async () => {
    await guess(20, { address: '2001:db8:0:1::1' });
    expect(await retryAfter({ address: '2001:db8:0:1:ffff::9' })).toBeDefined();
    expect(await retryAfter({ address: '2001:db8:0:2::1' })).toBeUndefined();
  });

  it.each<[address: string, same: string, other: string]>([
    ['2001::a:1:2:3:4', '2001:0:0:a::9', '2001::b:1:2:3:4'],
    ['::1:2:3:4:5:6:7', '0:1:2:3::', '::1:2:4:4:5:6:7'],
    ['2001:db8:0:1::', '2001:db8:0:1::9', '2001:db8:0:2::'],
  ])('finds the network of %s, however its zeros are left out', async (address, same, other) => {
    await guess(20, { address });
    expect(await retryAfter({ address: same })).toBeDefined();
    expect(await retryAfter({ address: other })).toBeUndefined();
  });

  it('judges at most a hundred guesses for a name in any minute, whatever addresses they come from', async () => {
    let judged = 0;
    for (let second = 0; second < 60; second++) {
      for (let each = 0; each < 50; each++) {
        const address = `10.${String(second)}.${String(each)}.1`;
        judged += await guess(1, { address });
      }
      jest.advanceTimersByTime(1000);
    }
    expect(judged).toBeGreaterThanOrEqual(50);
    expect(judged).toBeLessThanOrEqual(100);
  });

  it('counts guesses at once before the first of them is judged', async () => {
    const attempts = Array.from({ length: 200 }, (_, at) => ({ ...ATTEMPT, credentials: String(at) }));
    const refusals = await Promise.all(attempts.map((attempt) => retryAfter(attempt)));
    expect(refusals.filter((seconds) => seconds === undefined).length).toBeLessThanOrEqual(100);
  });

  it('never refuses who was right lately from there, whatever others have tried', async () => {
    await throttle.begin(ATTEMPT);
    await throttle.succeed(ATTEMPT);
    for (let each = 0; each < 100; each++) await guess(1, { address: `10.1.${String(each)}.1` });
    await guess(50);
    expect(await retryAfter()).toBeUndefined();
    expect(await retryAfter({ credentials: 'others from there' })).toBeDefined();
    expect(await retryAfter({ address: '192.0.2.1' })).toBeDefined();
  });

  it('takes right ones back, so that no number of them is too many', async () => {
    for (let each = 0; each < 300; each++) {
      const attempt = { ...ATTEMPT, credentials: String(each) };
      await throttle.begin(attempt);
      await throttle.succeed(attempt);
    }
    expect(await retryAfter()).toBeUndefined();
  });

  it('takes back what was not judged', async () => {
    for (let each = 0; each < 300; each++) {
      await throttle.begin(ATTEMPT);
      await throttle.refund(ATTEMPT);
    }
    expect(await retryAfter()).toBeUndefined();
  });

  it('treats names of nobody as it treats others', async () => {
    const unknown = { name: 'nobody', isKnownName: false };
    expect(await guess(10, unknown)).toBe(10);
    expect(await guess(1, unknown)).toBe(1);
    expect(await retryAfter(unknown)).toBe(2);
    expect(await retryAfter()).toBeUndefined();
  });

  it('keeps a bounded number of counters, whatever names come', async () => {
    for (let each = 0; each < 30_000; each++) {
      await guess(1, { name: `nobody ${String(each)}`, isKnownName: false });
    }
    expect(jest.getTimerCount()).toBeLessThanOrEqual(3 * 4096);
  });
});
