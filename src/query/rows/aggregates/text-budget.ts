import type { Value } from '../table.js';

/** Characters that the groups of one statement may hold in all. */
const MAX_CHARACTERS = 32 * 1024 * 1024;

/** Limits the text that aggregates hold until the last row. */
export class TextBudget {
  readonly #exceeded: () => Error;
  #remaining = MAX_CHARACTERS;

  /** @param exceeded creates the error for too much text. */
  constructor(exceeded: () => Error) {
    this.#exceeded = exceeded;
  }

  /** Counts a value in place of the previous one. @throws the error of `exceeded`. */
  replace(previous: Value, value: Value): void {
    this.#remaining += lengthOf(previous) - lengthOf(value);
    if (this.#remaining < 0) throw this.#exceeded();
  }
}

function lengthOf(value: Value): number {
  return typeof value === 'string' ? value.length : 0;
}
