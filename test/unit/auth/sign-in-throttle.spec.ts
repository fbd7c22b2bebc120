import { setTimeout as delay } from 'node:timers/promises';
import { AuthError } from '../../../src/auth/auth-error.js';
import { SignInThrottle } from '../../../src/auth/sign-in-throttle.js';

const realNow = performance.now.bind(performance);

let throttle: SignInThrottle;

beforeEach(() => {
  throttle = new SignInThrottle();
});

afterEach(() => {
  performance.now = realNow;
});

function fail(count: number, name = 'root', address = '10.0.0.1'): void {
  for (let i = 0; i < count; i++) {
    try {
      throttle.begin(name, address);
    } catch (error) {
      expect(error).toMatchObject({ kind: 'TooManyAttempts' });
    }
  }
}

function retryAfter(name = 'root', address = '10.0.0.1'): number | undefined {
  try {
    throttle.begin(name, address);
    throttle.succeed(name, address);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(AuthError);
    expect(error).toMatchObject({ kind: 'TooManyAttempts' });
    return Number((error as AuthError).context['retryAfterSeconds']);
  }
}

/** The cache behind it reads this clock, once a millisecond. */
async function moveClock(milliseconds: number): Promise<void> {
  await delay(5);
  performance.now = () => realNow() + milliseconds;
}

describe('the throttle of wrong passwords', () => {
  it('lets nineteen mistakes pass, and refuses after the twentieth, with the time to wait', () => {
    expect(retryAfter()).toBeUndefined();
    fail(19);
    expect(retryAfter()).toBeUndefined();
    fail(1);
    const seconds = retryAfter();
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(60);
  });

  it('counts guesses at once before the first of them is judged, and none that was right', () => {
    fail(20);
    expect(retryAfter()).toBeDefined();
    for (let i = 0; i < 20; i++) throttle.succeed('root', '10.0.0.1');
    expect(retryAfter()).toBeUndefined();
  });

  it('refuses only that user from only that peer', () => {
    fail(50);
    expect(retryAfter()).toBeDefined();
    expect(retryAfter('other')).toBeUndefined();
    expect(retryAfter('root', '10.0.0.2')).toBeUndefined();
    // A name and an address may not run into each other.
    fail(50, 'a,b', 'c');
    expect(retryAfter('a', 'b,c')).toBeUndefined();
  });

  it('forgets when the minute has passed', async () => {
    fail(50);
    expect(retryAfter()).toBeDefined();
    await moveClock(61_000);
    expect(retryAfter()).toBeUndefined();
  });

  it('is not prolonged by who goes on trying', async () => {
    fail(20);
    await moveClock(59_000);
    fail(20);
    expect(retryAfter()).toBe(1);
    await moveClock(61_000);
    expect(retryAfter()).toBeUndefined();
  });
});
