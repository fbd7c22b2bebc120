import { Transform, type TransformCallback } from 'node:stream';
import { UploadError } from './upload-error.js';

/** A few chunks. What waits here is joined into one more buffer for a sink that reads at its own pace. */
const HIGH_WATER_MARK = 128 * 1024;

/**
 * A file's bytes on their way out of a request. They end only when `release` is called: a parser sees the end of a file
 * before anybody knows whether the form around it is whole, and who reads this must not call the file finished by then.
 */
export class UploadBody extends Transform {
  readonly #maxBytes: number;
  readonly #onWanted: () => void;
  #isReleased = false;
  #end: TransformCallback | undefined;
  #bytes = 0;
  #tooLarge: UploadError | undefined;
  #isWanted = false;

  /**
   * @param maxBytes of which more fail the body.
   * @param onWanted is called when somebody begins to read: nothing need come before.
   */
  constructor(maxBytes: number, onWanted: () => void = () => undefined) {
    super({ highWaterMark: HIGH_WATER_MARK });
    this.#maxBytes = maxBytes;
    this.#onWanted = onWanted;
  }

  /** Why it has failed, where that is its size: who reads it says it in words of its own. */
  get tooLarge(): UploadError | undefined {
    return this.#tooLarge;
  }

  /** What it came from is whole as far as this file: let it end. */
  release(): void {
    this.#isReleased = true;
    this.#end?.();
  }

  override _read(size: number): void {
    if (!this.#isWanted) this.#onWanted();
    this.#isWanted = true;
    super._read(size);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    this.#bytes += chunk.length;
    if (this.#bytes > this.#maxBytes) this.#tooLarge = fileTooLarge(this.#maxBytes);
    if (this.#tooLarge === undefined) callback(null, chunk);
    else callback(this.#tooLarge);
  }

  override _flush(callback: TransformCallback): void {
    if (this.#isReleased) callback();
    else this.#end = callback;
  }
}

export function fileTooLarge(maxBytes: number): UploadError {
  return new UploadError(
    'FileTooLarge',
    `The file may have at most ${String(maxBytes)} bytes. Nothing of it was stored.`,
  );
}
