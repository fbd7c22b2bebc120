import { setImmediate } from 'node:timers/promises';
import { oneAhead } from '../../../src/common/one-ahead.js';

/** Numbers from 1 on, and how many were asked for. */
class Numbers {
  asked = 0;
  readonly #count: number;
  readonly #failing: number | undefined;

  constructor(count: number, failing?: number) {
    this.#count = count;
    this.#failing = failing;
  }

  readonly next = async (): Promise<number | undefined> => {
    const number = ++this.asked;
    await setImmediate();
    if (number === this.#failing) throw new Error(`number ${String(number)}`);
    return number > this.#count ? undefined : number;
  };
}

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await setImmediate();
}

it.each([0, 1, 2, 7])('%d results come in their order', async (count) => {
  const results = await collected(oneAhead(new Numbers(count).next));
  expect(results).toEqual(Array.from({ length: count }, (_, i) => i + 1));
});

it('the next result is asked for when one is read, and no other', async () => {
  const numbers = new Numbers(9);
  const results = oneAhead(numbers.next);
  expect((await results.next()).value).toBe(1);
  await settle();
  expect(numbers.asked).toBe(2);
  await results.return(undefined);
});

it('nothing is asked for beyond the end', async () => {
  const numbers = new Numbers(3);
  await collected(oneAhead(numbers.next));
  await settle();
  expect(numbers.asked).toBe(4);
});

it('a failure comes when it is its turn', async () => {
  const results = oneAhead(new Numbers(9, 3).next);
  expect([(await results.next()).value, (await results.next()).value]).toEqual([1, 2]);
  await settle();
  await expect(results.next()).rejects.toThrow('number 3');
});

it('who stops reading meets no failure of what was begun', async () => {
  const numbers = new Numbers(9, 2);
  for await (const item of oneAhead(numbers.next)) {
    expect(item).toBe(1);
    break;
  }
  await settle();
  expect(numbers.asked).toBe(2);
});
