import { collectAll } from './upload-garbage.js';

/** One that nobody wanted for so long is freed; it takes up to twice as long. */
const IDLE_MS = 3_000;

type Bytes = Uint8Array<SharedArrayBuffer>;

/** Buffers for upload parts, which checksum threads can read as well. What was given back is used again, until it has lain idle. */
export class PartBufferPool {
  readonly #collect: () => void;
  /** The one that was given back last is the last. */
  readonly #idle: Bytes[] = [];
  #idleBytes = 0;
  /** So few have been idle at any moment since the last look. */
  #leastIdle = 0;
  #timer: NodeJS.Timeout | undefined;

  /** @param collect makes the process give back what nothing refers to any more. */
  constructor(collect: () => void = collectAll) {
    this.#collect = collect;
  }

  /** Bytes that are kept, and that nobody uses. */
  get idleBytes(): number {
    return this.#idleBytes;
  }

  /** It holds whatever its last user has left there. */
  take(bytes: number): Bytes {
    const index = this.#idle.findLastIndex(({ byteLength }) => byteLength === bytes);
    const [reused] = index === -1 ? [] : this.#idle.splice(index, 1);
    if (reused === undefined) return newBuffer(bytes);
    this.#idleBytes -= bytes;
    this.#leastIdle = Math.min(this.#leastIdle, this.#idle.length);
    return reused;
  }

  /** Nothing reads or writes it any more. */
  give(buffer: Bytes): void {
    this.#idle.push(buffer);
    this.#idleBytes += buffer.byteLength;
    this.#timer ??= setInterval(() => {
      this.#freeIdle(this.#leastIdle);
    }, IDLE_MS).unref();
  }

  /** Their memory is wanted for something else. */
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

  /** In a call of its own: as long as it runs, it refers to what it has dropped. */
  #drop(count: number): number {
    let bytes = 0;
    for (const { byteLength } of this.#idle.splice(0, count)) bytes += byteLength;
    this.#idleBytes -= bytes;
    return bytes;
  }
}

/**
 * Memory that may grow consists of pages of its own, which go back to the system when it is freed: the allocator keeps others.
 * This one has its full length at once; a page takes no memory of the machine before something is written to it.
 */
function newBuffer(bytes: number): Bytes {
  const GrowableBuffer = SharedArrayBuffer as new (
    length: number,
    options: { readonly maxByteLength: number },
  ) => SharedArrayBuffer; // ES2024, in Node since 20
  return new Uint8Array(new GrowableBuffer(bytes, { maxByteLength: bytes }), 0, bytes);
}
