import type { BufferLease, PartBuffer, ReserveOptions } from '../../storage/contract/buffer-lease.js';
import type { PartBuffers } from './part-buffers.js';
import { UploadGarbage } from './upload-garbage.js';

/** Before a store has said how much it holds: the batch of a local file. */
const DEFAULT_NEED_BYTES = 512 * 1024;

interface BufferListener {
  /** So many more bytes were received, or fewer are held. */
  readonly changed: (bytes: number) => void;
  readonly mayRead: () => boolean;
  readonly isCrowded: () => boolean;
  readonly closed: () => void;
}

/** Of all uploads of the process. */
const garbage = new UploadGarbage();

/** What one upload holds of the budget. */
export class UploadBuffers implements BufferLease {
  readonly #parts: PartBuffers;
  readonly #listener: BufferListener;
  #heldBytes = 0;
  #receivedBytes = 0;
  #needBytes = DEFAULT_NEED_BYTES;
  #isRunner = false;
  #hasEnded = false;
  #lastByteAt = 0;
  #onRoom: () => void = () => undefined;

  constructor(parts: PartBuffers, listener: BufferListener) {
    this.#parts = parts;
    this.#listener = listener;
  }

  /** Bytes that have come and are neither stored nor in a part buffer. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** All bytes that have ever come. */
  get receivedBytes(): number {
    return this.#receivedBytes;
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
  receive(bytes: number): boolean {
    this.#receivedBytes += bytes;
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

  needs(bytes: number): void {
    if (bytes > this.#needBytes) this.#isRunner = false; // it was let through for less
    this.#needBytes = bytes;
  }

  async reserve(bytes: number, options: ReserveOptions): Promise<PartBuffer> {
    const buffer = await this.#parts.reserve(this, bytes, options);
    this.#onRoom();
    return buffer;
  }

  release(bytes: number): void {
    if (bytes === 0) return;
    const released = Math.min(bytes, this.#heldBytes);
    this.#heldBytes -= released;
    this.#isRunner = false;
    garbage.add(released);
    this.#listener.changed(-released);
  }

  retake(bytes: number): void {
    this.#heldBytes += bytes;
    this.#listener.changed(bytes);
  }

  close(): void {
    this.end();
    this.release(this.#heldBytes);
    this.#listener.closed();
  }

  /** For the budget: it may read, alone with a few others. */
  goOn(isRunner: boolean): void {
    this.#isRunner = isRunner;
    this.#lastByteAt = performance.now();
    this.#onRoom();
  }

  stopIfIdle(milliseconds: number): void {
    if (performance.now() - this.#lastByteAt > milliseconds) this.#isRunner = false;
  }
}
