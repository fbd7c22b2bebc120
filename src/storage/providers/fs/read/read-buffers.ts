import { isOn } from '../../../../config/shortcuts.js';

/** Node cuts smaller buffers out of one that they share, which costs less than to keep them. */
const MIN_BYTES = 4096;
/** Free buffers of each size. With sizes up to 128 KiB they hold 2 MiB at most. */
const MAX_FREE = 8;

/**
 * Memory of short reads that have been sent, for the next ones. To read into new memory takes twice as long, because the kernel
 * must find and clear each page of it, and V8 must collect it.
 */
export class ReadBuffers {
  readonly #keepsMemory = isOn('read-buffers');
  /** By size, which is a power of two. */
  readonly #free = new Map<number, ArrayBufferLike[]>();

  /** Returns a buffer with arbitrary content. It is the caller's, for ever or until `give`. */
  take(length: number): Buffer {
    if (!this.#keeps(length)) return Buffer.allocUnsafe(length);
    const size = 2 ** Math.ceil(Math.log2(length));
    const memory = this.#free.get(size)?.pop() ?? Buffer.allocUnsafeSlow(size).buffer;
    return Buffer.from(memory, 0, length);
  }

  /** Accepts a buffer of `take` that nothing uses any more. */
  give({ buffer: memory, length }: Buffer): void {
    if (!this.#keeps(length)) return;
    const free = this.#free.get(memory.byteLength) ?? [];
    if (free.length >= MAX_FREE) return;
    free.push(memory);
    this.#free.set(memory.byteLength, free);
  }

  #keeps(length: number): boolean {
    return this.#keepsMemory && length >= MIN_BYTES;
  }
}
