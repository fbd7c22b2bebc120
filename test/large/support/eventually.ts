import { setTimeout as delay } from 'node:timers/promises';

const PATIENCE_MS = 15_000;

/** Asks until the answer is the expected one; after a while the difference is the test's failure. */
export async function eventually<T>(ask: () => Promise<T>, expected: T): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  let answer = await ask();
  while (JSON.stringify(answer) !== JSON.stringify(expected) && Date.now() < deadline) {
    await delay(50);
    answer = await ask();
  }
  expect(answer).toEqual(expected);
}
