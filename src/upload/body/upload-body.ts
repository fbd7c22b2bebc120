import { Readable } from 'node:stream';
import { UploadError } from '../upload-error.js';

/** A few chunks. What waits here is joined into one more buffer for a consumer that reads at its own pace. */
const HIGH_WATER_MARK = 128 * 1024;

/**
 * A file's bytes on their way out of a request. They end only when `release` is called: a parser sees the end of a file
 * before anybody knows whether the form around it is whole, and who reads this must not call the file finished by then.
 */
export class UploadBody extends Readable {
  readonly #maxBytes: number;
  readonly #onWanted: () => void;
  #isReleased = false;
  #isComplete = false;
  #bytes = 0;
  #tooLarge: UploadError | undefined;

  /**
   * @param maxBytes of which more fail the body.
   * @param onWanted is called when somebody reads, and there is room: nothing need come before.
   */
  constructor(maxBytes: number, onWanted: () => void = () => undefined) {
    super({ highWaterMark: HIGH_WATER_MARK });
    this.#maxBytes = maxBytes;
    this.#onWanted = onWanted;
    // It may fail before anybody reads from it, and is not to take the process down: its reader is told when there is one.
    this.on('error', () => undefined);
  }

  /** Bytes that have come. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Why it has failed, where that is its size: who reads it says it in words of its own. */
  get tooLarge(): UploadError | undefined {
    return this.#tooLarge;
  }

  /** The next bytes. @returns false where no more are to come before they are wanted. */
  add(chunk: Buffer): boolean {
    if (this.destroyed) return false;
    this.#bytes += chunk.length;
    if (this.#bytes <= this.#maxBytes) return this.push(chunk);
    this.#tooLarge = fileTooLarge(this.#maxBytes);
    this.destroy(this.#tooLarge);
    return false;
  }

  /** There are no more bytes. */
  complete(): void {
    this.#isComplete = true;
    this.#endIfDone();
  }

  /** What it came from is whole as far as this file: let it end. */
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
