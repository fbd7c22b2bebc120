import {
  type BufferLease,
  type PartBuffer,
  unboundedLease,
} from '../../src/storage/contract/buffer-lease.js';

/** What a put says of the memory that its body takes. */
export class HeldMemory implements BufferLease {
  #released = 0;
  #needed = 0;
  #reserved = 0;

  get released(): number {
    return this.#released;
  }

  /** So much it wanted last before it can go on. */
  get needed(): number {
    return this.#needed;
  }

  /** Bytes of its part buffers. */
  get reserved(): number {
    return this.#reserved;
  }

  needs(bytes: number): void {
    this.#needed = bytes;
  }

  async reserve(bytes: number, options: Parameters<BufferLease['reserve']>[1]): Promise<PartBuffer> {
    options.signal.throwIfAborted();
    const buffer = await unboundedLease.reserve(bytes, options);
    this.#reserved += bytes;
    let isHeld = true;
    return {
      ...buffer,
      release: () => {
        if (isHeld) this.#reserved -= bytes;
        isHeld = false;
      },
    };
  }

  release(bytes: number): void {
    this.#released += bytes;
  }

  retake(bytes: number): void {
    this.#released -= bytes;
  }
}
