import { Breather } from './breather.js';

export type Compare = (one: number, other: number) => number;

/** Sorted at once, in about a millisecond. */
const RUN = 4096;

/**
 * Sorts the numbers below `count`, and lets the page work in between: a million of them take seconds.
 *
 * @param compare is never 0 for two numbers.
 */
export async function sortedNumbers(
  count: number,
  compare: Compare,
  signal: AbortSignal,
): Promise<Uint32Array> {
  const breather = new Breather(signal);
  let from = Uint32Array.from({ length: count }, (_, number) => number);
  let to = new Uint32Array(count);
  for (let start = 0; start < count; start += RUN) {
    from.subarray(start, start + RUN).sort(compare);
    await breather.pause();
  }
  for (let width = RUN; width < count; width *= 2) {
    for (let start = 0; start < count; start += 2 * width) {
      const [middle, end] = [Math.min(start + width, count), Math.min(start + 2 * width, count)];
      const halves = [from.subarray(start, middle), from.subarray(middle, end)] as const;
      await merge(halves, to.subarray(start, end), compare, breather);
    }
    [from, to] = [to, from];
  }
  return from;
}

async function merge(
  [left, right]: readonly [Uint32Array, Uint32Array],
  to: Uint32Array,
  compare: Compare,
  breather: Breather,
): Promise<void> {
  let [next, other] = [0, 0];
  for (let place = 0; place < to.length; place++) {
    const [one, two] = [left[next], right[other]];
    const isLeft = two === undefined || (one !== undefined && compare(one, two) < 0);
    to[place] = (isLeft ? one : two) ?? 0;
    if (isLeft) next++;
    else other++;
    if (place % RUN === 0) await breather.pause();
  }
}
