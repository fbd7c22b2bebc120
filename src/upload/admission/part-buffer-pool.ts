import { collectGarbage } from '../../runtime/collect-garbage.js';

/** Time without use after which a buffer is freed; it takes up to twice as long. */
const IDLE_MS = 3_000;

type Bytes = Uint8Array<SharedArrayBuffer>;

/**
 * Pool of buffers for upload parts, which checksum threads can read too. Reuses released buffers until they have been
 * idle for a while.
 */
export class PartBufferPool {
  readonly #collect: () => void;
  /** In order of release. */
  readonly #idle: Bytes[] = [];
  #idleBytes = 0;
  /** Lowest number of idle buffers since the last check. */
  #leastIdle = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param collect runs the garbage collector, which frees unreferenced buffers. */
  constructor(collect: () => void = collectGarbage) {
    this.#collect = collect;
  }

  /** Bytes of unused buffers. */
  get idleBytes(): number {
    return this.#idleBytes;
  }

  /** Returns a buffer with arbitrary content. */
  acquire(bytes: number): Bytes {
    const index = this.#idle.findLastIndex(({ byteLength }) => byteLength === bytes);
    const [reused] = index === -1 ? [] : this.#idle.splice(index, 1);
    if (reused === undefined) return newBuffer(bytes);
    this.#idleBytes -= bytes;
    this.#leastIdle = Math.min(this.#leastIdle, this.#idle.length);
    return reused;
  }

  /** Returns a buffer to the pool. Nobody may read or write it any more. */
  release(buffer: Bytes): void {
    this.#idle.push(buffer);
    this.#idleBytes += buffer.byteLength;
    this.#timer ??= setInterval(() => {
      this.#freeIdle(this.#leastIdle);
    }, IDLE_MS).unref();
  }

  /** Frees all idle buffers. */
  freeAll(): void {
    this.#freeIdle(this.#idle.length);
  }

  #freeIdle(count: number): void {
    const freedBytes = this.#drop(count);
    this.#leastIdle = this.#idle.length;
    if (this.#idle.length === 0) {
      clearInterval(this.#timer);
      this.#timer = undefined;
    }
    if (freedBytes > 0) this.#collect();
  }

  /** Drops buffers in a separate call, because a running function keeps references to what it has dropped. */
  #drop(count: number): number {
    let bytes = 0;
    for (const { byteLength } of this.#idle.splice(0, count)) bytes += byteLength;
    this.#idleBytes -= bytes;
    return bytes;
  }
}

/**
 * Allocates a growable buffer: its memory consists of separate pages, which return to the system when it is freed,
 * while the allocator keeps others. It has its full length from the start; a page uses no memory before its first
 * write.
 */
function newBuffer(bytes: number): Bytes {
  const GrowableBuffer = SharedArrayBuffer as new (
    length: number,
    options: { readonly maxByteLength: number },
  ) => SharedArrayBuffer; // ES2024, in Node since 20
  return new Uint8Array(new GrowableBuffer(bytes, { maxByteLength: bytes }), 0, bytes);
}
