import type { BodyMemory } from '../../storage/contract/storage-provider.js';
import { UploadGarbage } from './upload-garbage.js';

/** Before a store has said how much it holds: the batch of a local file. */
const DEFAULT_NEED_BYTES = 512 * 1024;
/** One that was let through and brings nothing for so long lets another one through. */
const RUNNER_IDLE_MS = 1_000;
/** Of more than that at once each reads little before it is the next one's turn. */
const CROWD = 8;
/** Nothing came, nothing was given back and nobody was let through for so long: then the next one is, room or not. */
const STANDSTILL_MS = 5_000;

/**
 * The memory that all uploads in flight share. Below half of it everybody reads as the client sends. Above, those that are
 * let through fill what their stores need to go on (a batch, an upload part) and the others wait: half-filled buffers of
 * many would never become whole. Who holds most goes first, for it has the least to go.
 */
export class UploadMemory {
  readonly #maxBytes: number;
  readonly #shares = new Set<MemoryShare>();
  readonly #waiting = new Set<MemoryShare>();
  #heldBytes = 0;
  #changedAt = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Bytes that have come and are not yet stored. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Do uploads wait for each other? */
  get isScarce(): boolean {
    return this.#waiting.size > 0;
  }

  open(): MemoryShare {
    const share: MemoryShare = new MemoryShare({
      changed: (bytes) => {
        this.#heldBytes += bytes;
        this.#changedAt = performance.now();
        if (bytes < 0) this.#serve();
      },
      mayRead: () => this.#mayRead(share),
      isCrowded: () => this.#shares.size > CROWD,
      closed: () => {
        this.#shares.delete(share);
        this.#waiting.delete(share);
        this.#serve();
      },
    });
    this.#shares.add(share);
    return share;
  }

  #mayRead(share: MemoryShare): boolean {
    if (this.#heldBytes <= this.#maxBytes / 2 || share.mayFillUp) return true;
    this.#waiting.add(share);
    this.#serve();
    return !this.#waiting.has(share);
  }

  #serve(): void {
    while (this.#waiting.size > 0) {
      const next = this.#fullestWaiting();
      if (next === undefined || !this.#fits(next)) break;
      this.#waiting.delete(next);
      this.#changedAt = performance.now();
      next.goOn(this.#heldBytes > this.#maxBytes / 2);
    }
    if (this.#waiting.size > 0) this.#timer ??= this.#startTimer();
  }

  #fullestWaiting(): MemoryShare | undefined {
    let fullest: MemoryShare | undefined;
    for (const share of this.#waiting) {
      if (fullest === undefined || share.heldBytes > fullest.heldBytes) fullest = share;
    }
    return fullest;
  }

  #fits(next: MemoryShare): boolean {
    if (this.#heldBytes <= this.#maxBytes / 2) return true;
    let reserved = next.missingBytes;
    let isMoving = false;
    for (const share of this.#shares) {
      if (share.mayFillUp) reserved += share.missingBytes;
      isMoving ||= share.mayFillUp || (share.isBeingStored && !this.#waiting.has(share));
    }
    // A store may have promised more than it keeps.
    isMoving &&= performance.now() - this.#changedAt < STANDSTILL_MS;
    // Where nobody else will give anything back, one may go beyond.
    return !isMoving || this.#heldBytes + reserved <= this.#maxBytes;
  }

  #startTimer(): NodeJS.Timeout {
    const timer = setInterval(() => {
      for (const share of this.#shares) share.stopIfIdle(RUNNER_IDLE_MS);
      this.#serve();
      if (this.#waiting.size > 0) return;
      clearInterval(timer);
      this.#timer = undefined;
    }, RUNNER_IDLE_MS);
    return timer.unref();
  }
}

interface ShareListener {
  readonly changed: (bytes: number) => void;
  readonly mayRead: () => boolean;
  readonly isCrowded: () => boolean;
  readonly closed: () => void;
}

/** Of all uploads of the process. */
const garbage = new UploadGarbage();

/** What one upload holds of it. */
export class MemoryShare implements BodyMemory {
  readonly #listener: ShareListener;
  #heldBytes = 0;
  #needBytes = DEFAULT_NEED_BYTES;
  #isRunner = false;
  #hasEnded = false;
  #lastByteAt = 0;
  #onRoom: () => void = () => undefined;

  constructor(listener: ShareListener) {
    this.#listener = listener;
  }

  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Are there many that come in? */
  get isCrowded(): boolean {
    return this.#listener.isCrowded();
  }

  /** It was let through, and its store cannot go on yet. */
  get mayFillUp(): boolean {
    return this.#isRunner && this.missingBytes > 0;
  }

  /** What it lacks before its store can give anything back. */
  get missingBytes(): number {
    return Math.max(0, this.#needBytes - this.#heldBytes);
  }

  /** Will it give back what it holds, without another byte? */
  get isBeingStored(): boolean {
    return this.#heldBytes > 0 && (this.#hasEnded || this.missingBytes === 0);
  }

  /** @param onRoom is called when reading may go on. */
  startReading(onRoom: () => void): void {
    this.#onRoom = onRoom;
  }

  /** So many bytes have come. @returns false where no more are to be read before `onRoom`. */
  take(bytes: number): boolean {
    this.#heldBytes += bytes;
    this.#lastByteAt = performance.now();
    this.#listener.changed(bytes);
    return this.#listener.mayRead();
  }

  /** All bytes have come. */
  end(): void {
    this.#hasEnded = true;
    this.#isRunner = false;
  }

  willHold(bytes: number): void {
    if (bytes > this.#needBytes) this.#isRunner = false; // it was let through for less
    this.#needBytes = bytes;
  }

  release(bytes: number): void {
    if (bytes === 0) return;
    const released = Math.min(bytes, this.#heldBytes);
    this.#heldBytes -= released;
    this.#isRunner = false;
    garbage.add(released);
    this.#listener.changed(-released);
  }

  close(): void {
    this.end();
    this.release(this.#heldBytes);
    this.#listener.closed();
  }

  /** For the memory: it may read, alone with a few others. */
  goOn(isRunner: boolean): void {
    this.#isRunner = isRunner;
    this.#lastByteAt = performance.now();
    this.#onRoom();
  }

  stopIfIdle(milliseconds: number): void {
    if (performance.now() - this.#lastByteAt > milliseconds) this.#isRunner = false;
  }
}
