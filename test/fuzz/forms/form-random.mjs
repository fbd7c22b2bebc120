/** Choices that are the same for the same seed and index, whatever was chosen for other indices (mulberry32). */
export class FormRandom {
  #state;

  /**
   * @param {number} seed
   * @param {number} index
   */
  constructor(seed, index) {
    this.#state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(index + 1, 0xc2b2ae35)) >>> 0;
  }

  fraction() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** @param {number} limit */
  below(limit) {
    return Math.floor(this.fraction() * limit);
  }

  /** @param {number} probability */
  chance(probability) {
    return this.fraction() < probability;
  }

  /**
   * @template Value
   * @param {readonly Value[]} list that is not empty
   */
  pick(list) {
    return /** @type {Value} */ (list[this.below(list.length)]);
  }

  /** @param {number} length */
  bytes(length) {
    const made = Buffer.allocUnsafe(length);
    for (let at = 0; at < length; at++) made[at] = this.below(256);
    return made;
  }
}
