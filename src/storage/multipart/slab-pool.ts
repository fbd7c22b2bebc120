import { BASE_PART_BYTES } from './part-plan.js';

export interface Slab {
  /** At least as long as asked for; it holds whatever its last user left there. */
  readonly bytes: Uint8Array<SharedArrayBuffer>;
  /** Gives the slab back, once; nothing may read or write it afterwards. */
  release(): void;
}

export interface SlabPoolOptions {
  /** The one size that is kept for reuse. */
  readonly reusedBytes: number;
  readonly maxIdleSlabs: number;
}

/**
 * Buffers for upload parts, which checksum threads can read as well. A new one takes no memory of the machine before it is
 * filled. How many are out is bounded by the memory that uploads share.
 */
export class SlabPool {
  readonly #options: SlabPoolOptions;
  readonly #idle: Uint8Array<SharedArrayBuffer>[] = [];

  constructor(options: SlabPoolOptions) {
    this.#options = options;
  }

  take(length: number): Slab {
    const reused = length === this.#options.reusedBytes ? this.#idle.pop() : undefined;
    const bytes = reused ?? new Uint8Array(new SharedArrayBuffer(length));
    let isHeld = true;
    return {
      bytes,
      release: () => {
        if (isHeld) this.#keep(bytes);
        isHeld = false;
      },
    };
  }

  #keep(bytes: Uint8Array<SharedArrayBuffer>): void {
    const { reusedBytes, maxIdleSlabs } = this.#options;
    if (bytes.byteLength === reusedBytes && this.#idle.length < maxIdleSlabs) this.#idle.push(bytes);
  }
}

/** What all S3 uploads of the process share. The idle slabs are what one upload needs: two on their way, one filling. */
export const sharedSlabPool = new SlabPool({ reusedBytes: BASE_PART_BYTES, maxIdleSlabs: 3 });
