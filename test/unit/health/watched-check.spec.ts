import { setTimeout as delay } from 'node:timers/promises';
import { WatchedCheck, type CheckOptions } from '../../../src/health/watched-check.js';

const HOUR_MS = 3_600_000;

function check(options: Partial<CheckOptions>): WatchedCheck {
  return new WatchedCheck({
    name: 'thing',
    everyMs: 0,
    patienceMs: HOUR_MS,
    look: () => Promise.resolve(),
    reasonOf: () => 'The thing is broken.',
    ...options,
  });
}

it('is not well before its first look has ended', async () => {
  const looked = check({});
  expect(looked.state).toEqual({
    check: 'thing',
    ok: false,
    reason: 'The check of the thing has not ended.',
  });
  await looked.refresh();
  expect(looked.state).toEqual({ check: 'thing', ok: true });
});

it('tells the reason of a failure that is for everybody', async () => {
  const looked = check({ look: () => Promise.reject(new TypeError('secret')) });
  await looked.refresh();
  expect(looked.state).toEqual({ check: 'thing', ok: false, reason: 'The thing is broken.' });
});

it('looks once for all who ask meanwhile, and not again before its time', async () => {
  let looks = 0;
  const looked = check({
    everyMs: HOUR_MS,
    look: async () => {
      looks++;
      await delay(5);
    },
  });
  await Promise.all([looked.refresh(), looked.refresh(), looked.refresh()]);
  await looked.refresh();
  expect(looks).toBe(1);
});

it('counts a look that takes too long as failed, and begins no other one beside it', async () => {
  let looks = 0;
  let end: () => void = () => undefined;
  const looked = check({
    patienceMs: 10,
    look: () => {
      looks++;
      return new Promise((resolve) => (end = resolve));
    },
  });
  await looked.refresh();
  expect(looked.state.reason).toBe('The thing has not answered within 0.01 seconds.');
  await looked.refresh();
  expect(looks).toBe(1);
  end();
  await delay(0);
  void looked.refresh();
  expect(looks).toBe(2);
  end();
});

it('is slow where a look succeeds and takes long, and tells how long it has taken', async () => {
  let takesMs = 20;
  const looked = check({ slowMs: 15, look: () => delay(takesMs) });
  await looked.refresh();
  expect(looked.state).toEqual({ check: 'thing', ok: true, slow: true });
  expect(looked.seconds).toBeGreaterThanOrEqual(0.015);
  takesMs = 0;
  await looked.refresh();
  expect(looked.state).toEqual({ check: 'thing', ok: true });
});

it('gives a look the signal of its end', async () => {
  let aborted = false;
  const looked = check({
    patienceMs: 10,
    look: async (signal) => {
      await delay(HOUR_MS, undefined, { signal }).catch(() => (aborted = true));
      throw new Error('cut');
    },
  });
  await looked.refresh();
  await delay(20);
  expect(aborted).toBe(true);
});
