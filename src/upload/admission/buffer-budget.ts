import { PartBuffers } from './part-buffers.js';
import type { PartBufferPool } from './part-buffer-pool.js';
import { UploadBuffers } from './upload-buffers.js';

/** One that was let through and brings nothing for so long lets another one through. */
const RUNNER_IDLE_MS = 1_000;
/** Of more than that at once each reads little before it is the next one's turn. */
const CROWD = 8;
/** Nothing came, nothing was given back and nobody was let through for so long: then the next one is, room or not. */
const STANDSTILL_MS = 5_000;
/** Of the budget, for what comes before there is a part buffer for it, or goes to a disk. */
const RECEIVED_SHARE = 1 / 4;
/** An upload that begins holds that much at once. */
const OPENING_BYTES = 512 * 1024;

/**
 * The memory that all uploads share: part buffers, and what was received and is neither stored nor in a part buffer. Below half
 * of the room for what was received everybody reads as the client sends. Above, those that are let through fill what their
 * stores need to go on and the others wait: half-filled batches of many would never become whole. Who holds most goes first,
 * for it has the least to go.
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

  /** Bytes of part buffers that are out, and bytes that have come and are neither there nor stored. */
  get heldBytes(): number {
    return this.#receivedBytes + this.#parts.outBytes;
  }

  /** Bytes of part buffers that wait for their next user. */
  get idleBytes(): number {
    return this.#parts.idleBytes;
  }

  /** Is there no room for another upload? */
  get isScarce(): boolean {
    return this.#waiting.size > 0 || this.heldBytes + OPENING_BYTES > this.#maxBytes;
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
      isCrowded: () => this.#open.size > CROWD,
      closed: () => {
        this.#open.delete(buffers);
        this.#waiting.delete(buffers);
        this.#serve();
      },
    });
    this.#open.add(buffers);
    return buffers;
  }

  /** For what was received. */
  get #roomBytes(): number {
    const { outBytes, idleBytes } = this.#parts;
    return Math.max(this.#maxBytes * RECEIVED_SHARE, this.#maxBytes - outBytes - idleBytes);
  }

  #mayRead(buffers: UploadBuffers): boolean {
    if (this.#parts.isFilling(buffers)) return true;
    if (this.#parts.isWaiting(buffers)) return false;
    if (this.#receivedBytes > this.#roomBytes / 2) this.#parts.freeIdle();
    if (this.#receivedBytes <= this.#roomBytes / 2 || buffers.mayFillUp) return true;
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
      next.goOn(this.#receivedBytes > this.#roomBytes / 2);
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
    // Where nobody else will give anything back, one may go beyond. A store may have promised more than it keeps.
    const isStill = performance.now() - this.#changedAt >= STANDSTILL_MS;
    if (isStill || !this.#isMoving()) return true;
    return this.#receivedBytes + this.#expectedBytes(next) <= this.#roomBytes;
  }

  #isMoving(): boolean {
    if (this.#parts.outBytes > 0) return true;
    for (const buffers of this.#open) {
      if (buffers.mayFillUp || (buffers.isBeingStored && !this.#waiting.has(buffers))) return true;
    }
    return false;
  }

  #expectedBytes(next: UploadBuffers): number {
    let expected = next.missingBytes;
    for (const buffers of this.#open) if (buffers.mayFillUp) expected += buffers.missingBytes;
    return expected;
  }

  #startTimer(): NodeJS.Timeout {
    const timer = setInterval(() => {
      for (const buffers of this.#open) buffers.stopIfIdle(RUNNER_IDLE_MS);
      this.#serve();
      if (this.#waiting.size > 0) return;
      clearInterval(timer);
      this.#timer = undefined;
    }, RUNNER_IDLE_MS);
    return timer.unref();
  }
}
