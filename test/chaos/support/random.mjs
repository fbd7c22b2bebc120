import { createHash } from 'node:crypto';

/** Choices that are the same for the same seeds (mulberry32). */
export class Random {
  #state;

  /**
   * Several seeds make a source of its own: the third upload of a round is the same, whatever the first two took.
   * @param {...(string | number)} seeds
   */
  constructor(...seeds) {
    this.#state = createHash('sha256').update(seeds.join('/')).digest().readUInt32LE(0);
  }

  /** From 0 up to 1, which it never is. */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** @param {number} limit */
  below(limit) {
    return Math.floor(this.next() * limit);
  }

  /**
   * A whole number, both ends included.
   * @param {number} low
   * @param {number} high
   */
  between(low, high) {
    return low + this.below(high - low + 1);
  }

  /** @param {number} probability */
  chance(probability) {
    return this.next() < probability;
  }

  /**
   * @template Value
   * @param {readonly Value[]} list that is not empty
   */
  pick(list) {
    return /** @type {Value} */ (list[this.below(list.length)]);
  }

  /**
   * One of the values of `[weight, value]` pairs, by their weights.
   * @template Value
   * @param {readonly (readonly [number, Value])[]} pairs at least one
   */
  weighted(pairs) {
    const total = pairs.reduce((sum, [weight]) => sum + weight, 0);
    let left = this.next() * total;
    for (const [weight, value] of pairs) {
      left -= weight;
      if (left < 0) return value;
    }
    return /** @type {readonly [number, Value]} */ (pairs.at(-1))[1];
  }
}
