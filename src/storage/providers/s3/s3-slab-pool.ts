import { EventEmitter, once } from 'node:events';
import { MIB } from './s3-limits.js';
import { BASE_PART_BYTES } from './s3-part-plan.js';

export interface Slab {
  /** At least as long as asked for; it holds whatever its last user left there. */
  readonly buffer: Buffer;
  /** Gives the slab back, once; nothing may read or write it afterwards. */
  release(): void;
}

export interface SlabPoolOptions {
  /** Bytes that may be out at once. A single larger slab is given out while no other is. */
  readonly maxBytes: number;
  /** The one size that is kept for reuse. */
  readonly reusedBytes: number;
  readonly maxIdleSlabs: number;
}

interface Waiter {
  readonly bytes: number;
  readonly emitter: EventEmitter;
  granted: boolean;
}

/**
 * Bounds the bytes that all uploads hold. Who asks first is served first, a large wish is not overtaken by small ones.
 * A user may keep slabs while it asks for another only where it gives those back without getting the new one.
 */
export class S3SlabPool {
  readonly #options: SlabPoolOptions;
  readonly #idle: Buffer[] = [];
  readonly #waiters: Waiter[] = [];
  #bytesInUse = 0;

  constructor(options: SlabPoolOptions) {
    this.#options = options;
  }

  get bytesInUse(): number {
    return this.#bytesInUse;
  }

  get waiting(): number {
    return this.#waiters.length;
  }

  /** Waits for a free slab. Rejects with the AbortError of `events.once` where the signal fires first. */
  async acquire(bytes: number, signal?: AbortSignal): Promise<Slab> {
    signal?.throwIfAborted();
    if (this.#waiters.length > 0 || !this.#fits(bytes)) await this.#wait(bytes, signal);
    else this.#bytesInUse += bytes;
    return this.#slab(bytes);
  }

  async #wait(bytes: number, signal?: AbortSignal): Promise<void> {
    const waiter: Waiter = { bytes, emitter: new EventEmitter(), granted: false };
    this.#waiters.push(waiter);
    try {
      await once(waiter.emitter, 'granted', signal === undefined ? {} : { signal });
    } catch (error) {
      this.#leave(waiter);
      throw error;
    }
  }

  /** The bytes of a waiter that left may have been granted in the very moment it was told to leave. */
  #leave(waiter: Waiter): void {
    if (waiter.granted) this.#bytesInUse -= waiter.bytes;
    else this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
    this.#serve();
  }

  #serve(): void {
    for (let next = this.#waiters[0]; next !== undefined && this.#fits(next.bytes); next = this.#waiters[0]) {
      this.#waiters.shift();
      this.#bytesInUse += next.bytes;
      next.granted = true;
      next.emitter.emit('granted');
    }
  }

  #fits(bytes: number): boolean {
    return this.#bytesInUse === 0 || this.#bytesInUse + bytes <= this.#options.maxBytes;
  }

  #slab(bytes: number): Slab {
    const reused = bytes === this.#options.reusedBytes ? this.#idle.pop() : undefined;
    const buffer = reused ?? Buffer.allocUnsafeSlow(bytes);
    let held = true;
    const release = (): void => {
      if (!held) return;
      held = false;
      this.#take(buffer);
    };
    return { buffer, release };
  }

  #take(buffer: Buffer): void {
    const { reusedBytes, maxIdleSlabs } = this.#options;
    if (buffer.byteLength === reusedBytes && this.#idle.length < maxIdleSlabs) this.#idle.push(buffer);
    this.#bytesInUse -= buffer.byteLength;
    this.#serve();
  }
}

/** What all S3 uploads of the process share. The idle slabs are what one upload needs: two on their way, one filling. */
export const sharedSlabPool = new S3SlabPool({
  maxBytes: 256 * MIB,
  reusedBytes: BASE_PART_BYTES,
  maxIdleSlabs: 3,
});
