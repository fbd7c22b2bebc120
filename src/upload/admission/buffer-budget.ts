import { PartBuffers } from './part-buffers.js';
import type { PartBufferPool } from './part-buffer-pool.js';
import { UploadBuffers } from './upload-buffers.js';

/** Time without a byte after which an upload with priority loses it. */
const PRIORITY_IDLE_MS = 1_000;
/** Number of uploads above which each reads little per turn. */
const CROWDED_UPLOADS = 8;
/** Time without any progress after which the next upload may read, even without room. */
const STANDSTILL_MS = 5_000;
/** Share of the budget for received bytes that are not in a part buffer and not yet on disk. */
const RECEIVED_SHARE = 1 / 4;
/** Bytes that a new upload needs at once. */
const INITIAL_BYTES = 512 * 1024;

/**
 * The memory budget of all uploads: part buffers, and received bytes that are neither stored nor in a part buffer.
 * Below half of the room for received bytes, all uploads read freely. Above it, uploads with priority read until their
 * stores can make progress, and the others wait: many half-filled batches would never become complete. The upload that
 * holds most goes first, because it needs the least to become complete.
 */
export class BufferBudget {
  readonly #maxBytes: number;
  readonly #parts: PartBuffers;
  readonly #open = new Set<UploadBuffers>();
  readonly #waiting = new Set<UploadBuffers>();
  #receivedBytes = 0;
  #changedAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(maxBytes: number, pool?: PartBufferPool) {
    this.#maxBytes = maxBytes;
    const forParts = (): number => maxBytes - Math.max(this.#receivedBytes, maxBytes * RECEIVED_SHARE);
    const onChange = (): void => {
      this.#changedAt = performance.now();
      this.#serve();
    };
    this.#parts = new PartBuffers(forParts, onChange, pool);
  }

  /** Bytes of part buffers in use, and of received data that is neither in one nor stored. */
  get heldBytes(): number {
    return this.#receivedBytes + this.#parts.outBytes;
  }

  /** Bytes of part buffers that wait for reuse. */
  get idleBytes(): number {
    return this.#parts.idleBytes;
  }

  /** Whether there is too little room for another upload. */
  get isFull(): boolean {
    return this.#waiting.size > 0 || this.heldBytes + INITIAL_BYTES > this.#maxBytes;
  }

  open(): UploadBuffers {
    const buffers: UploadBuffers = new UploadBuffers(this.#parts, {
      changed: (bytes) => {
        this.#receivedBytes += bytes;
        this.#changedAt = performance.now();
        if (bytes >= 0) return;
        this.#parts.serve();
        this.#serve();
      },
      mayRead: () => this.#mayRead(buffers),
      isCrowded: () => this.#open.size > CROWDED_UPLOADS,
      closed: () => {
        this.#open.delete(buffers);
        this.#waiting.delete(buffers);
        this.#serve();
      },
    });
    this.#open.add(buffers);
    return buffers;
  }

  /** Room for received bytes outside part buffers. */
  get #roomBytes(): number {
    const { outBytes, idleBytes } = this.#parts;
    return Math.max(this.#maxBytes * RECEIVED_SHARE, this.#maxBytes - outBytes - idleBytes);
  }

  #mayRead(buffers: UploadBuffers): boolean {
    if (this.#parts.isFilling(buffers)) return true;
    if (this.#parts.isWaiting(buffers)) return false;
    if (this.#receivedBytes > this.#roomBytes / 2) this.#parts.freeIdle();
    if (this.#receivedBytes <= this.#roomBytes / 2 || buffers.hasPriority) return true;
    this.#waiting.add(buffers);
    this.#serve();
    return !this.#waiting.has(buffers);
  }

  #serve(): void {
    while (this.#waiting.size > 0) {
      const next = this.#fullestWaiting();
      if (next === undefined || !this.#fits(next)) break;
      this.#waiting.delete(next);
      this.#changedAt = performance.now();
      next.grantRoom(this.#receivedBytes > this.#roomBytes / 2);
    }
    if (this.#waiting.size > 0) this.#timer ??= this.#startTimer();
  }

  #fullestWaiting(): UploadBuffers | undefined {
    let fullest: UploadBuffers | undefined;
    for (const buffers of this.#waiting) {
      if (fullest === undefined || buffers.heldBytes > fullest.heldBytes) fullest = buffers;
    }
    return fullest;
  }

  #fits(next: UploadBuffers): boolean {
    if (this.#receivedBytes <= this.#roomBytes / 2) return true;
    // One upload may exceed the budget if no other will release memory: a store may have promised more than it keeps.
    const isStuck = performance.now() - this.#changedAt >= STANDSTILL_MS;
    if (isStuck || !this.#isMoving()) return true;
    return this.#receivedBytes + this.#expectedBytes(next) <= this.#roomBytes;
  }

  #isMoving(): boolean {
    if (this.#parts.outBytes > 0) return true;
    for (const buffers of this.#open) {
      if (buffers.hasPriority || (buffers.isBeingStored && !this.#waiting.has(buffers))) return true;
    }
    return false;
  }

  #expectedBytes(next: UploadBuffers): number {
    let expected = next.missingBytes;
    for (const buffers of this.#open) if (buffers.hasPriority) expected += buffers.missingBytes;
    return expected;
  }

  #startTimer(): NodeJS.Timeout {
    const timer = setInterval(() => {
      for (const buffers of this.#open) buffers.stopIfIdle(PRIORITY_IDLE_MS);
      this.#serve();
      if (this.#waiting.size > 0) return;
      clearInterval(timer);
      this.#timer = undefined;
    }, PRIORITY_IDLE_MS);
    return timer.unref();
  }
}
