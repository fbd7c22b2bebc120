import type { BufferLease, PartBuffer, ReserveOptions } from '../../storage/contract/buffer-lease.js';
import type { PartBuffers } from './part-buffers.js';
import { UploadGarbage } from './upload-garbage.js';

/** Used until a store tells how much it holds: the batch of a local file. */
const DEFAULT_NEED_BYTES = 512 * 1024;

interface BufferListener {
  /** Reports received bytes as positive, released ones as negative. */
  readonly changed: (bytes: number) => void;
  readonly mayRead: () => boolean;
  readonly isCrowded: () => boolean;
  readonly closed: () => void;
}

/** Shared by all uploads of the process. */
const garbage = new UploadGarbage();

/** One upload's part of the budget. */
export class UploadBuffers implements BufferLease {
  readonly #parts: PartBuffers;
  readonly #listener: BufferListener;
  #heldBytes = 0;
  #receivedBytes = 0;
  #needBytes = DEFAULT_NEED_BYTES;
  #isPrioritized = false;
  #hasEnded = false;
  #lastByteAt = 0;
  #onRoom: () => void = () => undefined;

  constructor(parts: PartBuffers, listener: BufferListener) {
    this.#parts = parts;
    this.#listener = listener;
  }

  /** Received bytes that are neither stored nor in a part buffer. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** All bytes received so far. */
  get receivedBytes(): number {
    return this.#receivedBytes;
  }

  /** Whether many uploads are running. */
  get isCrowded(): boolean {
    return this.#listener.isCrowded();
  }

  /** Whether it has priority, and its store cannot make progress yet. */
  get hasPriority(): boolean {
    return this.#isPrioritized && this.missingBytes > 0;
  }

  /** Bytes that its store needs before it can release any. */
  get missingBytes(): number {
    return Math.max(0, this.#needBytes - this.#heldBytes);
  }

  /** Whether its store will release the held bytes without receiving another one. */
  get isBeingStored(): boolean {
    return this.#heldBytes > 0 && (this.#hasEnded || this.missingBytes === 0);
  }

  /** @param onRoom is called when reading may continue. */
  startReading(onRoom: () => void): void {
    this.#onRoom = onRoom;
  }

  /** Adds received bytes. @returns false if reading must stop until `onRoom`. */
  receive(bytes: number): boolean {
    this.#receivedBytes += bytes;
    this.#heldBytes += bytes;
    this.#lastByteAt = performance.now();
    this.#listener.changed(bytes);
    return this.#listener.mayRead();
  }

  /** Ends the upload's input. */
  end(): void {
    this.#hasEnded = true;
    this.#isPrioritized = false;
  }

  needs(bytes: number): void {
    if (bytes > this.#needBytes) this.#isPrioritized = false; // its priority was for less
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
    this.#isPrioritized = false;
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

  /** Called by the budget: reading may continue, with or without priority. */
  grantRoom(isPrioritized: boolean): void {
    this.#isPrioritized = isPrioritized;
    this.#lastByteAt = performance.now();
    this.#onRoom();
  }

  stopIfIdle(milliseconds: number): void {
    if (performance.now() - this.#lastByteAt > milliseconds) this.#isPrioritized = false;
  }
}
