import type { BodyMemory } from '../../src/storage/contract/storage-provider.js';

/** What a put says of the memory that its body takes. */
export class HeldMemory implements BodyMemory {
  #released = 0;

  get released(): number {
    return this.#released;
  }

  willHold(): void {
    // Only who shares memory among many needs to know.
  }

  release(bytes: number): void {
    this.#released += bytes;
  }
}
