import { runBurst, runIdle } from './load-run.mjs';

// `npm run chaos:load` does the same with 500 uploads and 2,000 connections.
describe('under load', () => {
  it('stores each of many uploads whole or puts it off, in little memory', async () => {
    const { stored, refused, violations } = await runBurst(60);
    expect(violations).toEqual([]);
    expect(stored + refused).toBe(60);
    expect(stored).toBeGreaterThan(0);
  });

  it('answers promptly beside idle connections, and gives up silent uploads', async () => {
    const { requests, givenUp, violations } = await runIdle(300, 3);
    expect(violations).toEqual([]);
    expect(requests).toBeGreaterThan(2);
    expect(givenUp).toBe(120);
  });
});
