import { setImmediate } from 'node:timers/promises';
import { oneAhead } from '../../../src/common/one-ahead.js';

/** Numbers from 1 on, and whether somebody has let go of them. */
class Numbers {
  isOver = false;
  readonly #count: number;

  constructor(count: number) {
    this.#count = count;
  }

  async *items(): AsyncGenerator<number> {
    try {
      for (let i = 1; i <= this.#count; i++) {
        await setImmediate();
        yield i;
      }
    } finally {
      this.isOver = true;
    }
  }
}

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

it.each([0, 1, 2, 7])('the results of %d items come in their order', async (count) => {
  const results = oneAhead(new Numbers(count).items(), async (item) => {
    await setImmediate();
    return item * 10;
  });
  expect(await collected(results)).toEqual(Array.from({ length: count }, (_, i) => (i + 1) * 10));
});

it('work on the next item has begun when one is read, and on no other', async () => {
  const begun: number[] = [];
  const results = oneAhead(new Numbers(9).items(), (item) => {
    begun.push(item);
    return Promise.resolve(item);
  });
  expect((await results.next()).value).toBe(1);
  for (let i = 0; i < 5; i++) await setImmediate();
  expect(begun).toEqual([1, 2]);
  await results.return(undefined);
});

it('a failure comes when it is its turn, and lets go of the items', async () => {
  const numbers = new Numbers(9);
  const results = oneAhead(numbers.items(), (item) =>
    item === 3 ? Promise.reject(new Error('third')) : Promise.resolve(item),
  );
  expect([(await results.next()).value, (await results.next()).value]).toEqual([1, 2]);
  await expect(results.next()).rejects.toThrow('third');
  for (let i = 0; i < 5; i++) await setImmediate();
  expect(numbers.isOver).toBe(true);
});

it('who stops reading meets no failure of what was begun, and lets go of the items', async () => {
  const numbers = new Numbers(9);
  for await (const item of oneAhead(numbers.items(), (each) =>
    each === 2 ? Promise.reject(new Error('second')) : Promise.resolve(each),
  )) {
    expect(item).toBe(1);
    break;
  }
  for (let i = 0; i < 5; i++) await setImmediate();
  expect(numbers.isOver).toBe(true);
});
