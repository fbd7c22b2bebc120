import type { BodyMemory } from '../../src/storage/contract/storage-provider.js';

/** What a put says of the memory that its body takes. */
export class HeldMemory implements BodyMemory {
  #released = 0;
  #needed = 0;

  get released(): number {
    return this.#released;
  }

  /** So much it wanted last before it can go on. */
  get needed(): number {
    return this.#needed;
  }

  willHold(bytes: number): void {
    this.#needed = bytes;
  }

  release(bytes: number): void {
    this.#released += bytes;
  }
}
