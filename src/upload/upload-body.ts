import { Transform, type TransformCallback } from 'node:stream';

/** A few chunks. What waits here is joined into one more buffer for a sink that reads at its own pace. */
const HIGH_WATER_MARK = 128 * 1024;

/**
 * A file's bytes on their way out of a request. They end only when `release` is called: a parser sees the end of a file
 * before anybody knows whether the form around it is whole, and who reads this must not call the file finished by then.
 */
export class UploadBody extends Transform {
  #isReleased = false;
  #end: TransformCallback | undefined;
  #check: () => Promise<void> = () => Promise.resolve();
  #onWanted: (() => void) | undefined;

  /** @param onWanted is called when somebody begins to read: nothing need come before. */
  constructor(onWanted?: () => void) {
    super({ highWaterMark: HIGH_WATER_MARK });
    this.#onWanted = onWanted;
  }

  /** What it came from is whole as far as this file: let it end. */
  release(): void {
    this.#isReleased = true;
    this.#end?.();
  }

  /** Asks once more, when all bytes are there and before they end: a check that rejects fails the body. */
  checkBeforeEnd(check: () => Promise<void>): void {
    this.#check = check;
  }

  override _read(size: number): void {
    const onWanted = this.#onWanted;
    this.#onWanted = undefined;
    onWanted?.();
    super._read(size);
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, callback: TransformCallback): void {
    callback(null, chunk);
  }

  override _flush(callback: TransformCallback): void {
    const end = (): void => {
      this.#check().then(
        () => {
          callback();
        },
        (error: unknown) => {
          callback(error as Error); // what a service rejects with
        },
      );
    };
    if (this.#isReleased) end();
    else this.#end = end;
  }
}
