import { Readable } from 'node:stream';

/**
 * The body of a short object or range, which was read at once. As a stream it has one chunk. A reader that knows the class may take
 * `bytes` instead, at a fraction of a stream's cost. Holds memory only, so that nothing is lost if nobody destroys it.
 */
export class ShortBody extends Readable {
  readonly bytes: Buffer;
  #reuse: ((bytes: Buffer) => void) | undefined;

  /** @param reuse takes the memory for other bodies; undefined if it stays the reader's. */
  constructor(bytes: Buffer, reuse?: (bytes: Buffer) => void) {
    super();
    this.bytes = bytes;
    this.#reuse = reuse;
  }

  override _read(): void {
    this.push(this.bytes);
    this.push(null);
  }

  /** Gives the memory up: nothing may read `bytes` or the stream afterwards. Has no effect a second time. */
  release(): void {
    const reuse = this.#reuse;
    this.#reuse = undefined;
    reuse?.(this.bytes);
  }
}
