import type { Value } from '../table.js';

/** Characters that the groups of one statement may hold in all. */
const MAX_CHARACTERS = 32 * 1024 * 1024;

/** Counts the text that is held until the last row is seen. */
export class TextBudget {
  readonly #exceeded: () => Error;
  #left = MAX_CHARACTERS;

  /** @param exceeded what to say when there is too much of it. */
  constructor(exceeded: () => Error) {
    this.#exceeded = exceeded;
  }

  /** One value is held instead of another one. */
  replace(before: Value, value: Value): void {
    this.#left += lengthOf(before) - lengthOf(value);
    if (this.#left < 0) throw this.#exceeded();
  }
}

function lengthOf(value: Value): number {
  return typeof value === 'string' ? value.length : 0;
}
