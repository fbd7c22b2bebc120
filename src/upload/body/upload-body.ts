import { Readable } from 'node:stream';
import { UploadError } from '../upload-error.js';

/** A few chunks. For a consumer that reads at its own pace, buffered chunks are joined into one more buffer. */
const HIGH_WATER_MARK = 128 * 1024;

/**
 * The content of one file of a request. Holds back end-of-stream until `release()`: a parser reports the end of a file
 * before the closing boundary of the form was seen, and a reader must not treat the file as complete by then.
 */
export class UploadBody extends Readable {
  readonly #maxBytes: number;
  readonly #onWanted: () => void;
  #onGrowth: ((bytes: number) => void) | undefined;
  #isReleased = false;
  #isComplete = false;
  #bytes = 0;
  #tooLarge: UploadError | undefined;

  /**
   * @param maxBytes limit beyond which the body fails.
   * @param onWanted is called when the reader wants bytes and there is room, even if none arrived before.
   */
  constructor(maxBytes: number, onWanted: () => void = () => undefined) {
    super({ highWaterMark: HIGH_WATER_MARK });
    this.#maxBytes = maxBytes;
    this.#onWanted = onWanted;
    // Keeps an early error from ending the process: a later reader receives it.
    this.on('error', () => undefined);
  }

  /** Bytes received so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The error if the file is too large: readers report it with a message of their own. */
  get tooLarge(): UploadError | undefined {
    return this.#tooLarge;
  }

  /** Calls the listener with the bytes received so far, whenever some come. */
  onGrowth(listener: (bytes: number) => void): void {
    this.#onGrowth = listener;
  }

  /** Adds the next bytes. @returns false if no more should be added before `onWanted`. */
  add(chunk: Buffer): boolean {
    if (this.destroyed) return false;
    this.#bytes += chunk.length;
    if (this.#bytes <= this.#maxBytes) {
      this.#onGrowth?.(this.#bytes);
      return this.push(chunk);
    }
    this.#tooLarge = fileTooLarge(this.#maxBytes);
    this.destroy(this.#tooLarge);
    return false;
  }

  /** Marks the content as complete. */
  complete(): void {
    this.#isComplete = true;
    this.#endIfDone();
  }

  /** Allows the end: the request is complete as far as this file needs it. */
  release(): void {
    this.#isReleased = true;
    this.#endIfDone();
  }

  override _read(): void {
    this.#onWanted();
  }

  #endIfDone(): void {
    if (this.#isComplete && this.#isReleased && !this.destroyed) this.push(null);
  }
}

export function fileTooLarge(maxBytes: number): UploadError {
  return new UploadError(
    'FileTooLarge',
    `The file may have at most ${String(maxBytes)} bytes. Nothing of it was stored.`,
  );
}
