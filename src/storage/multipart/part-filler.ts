import type { PartBuffer } from '../contract/buffer-lease.js';
import type { ObjectBody } from './object-body.js';

interface FillerListener {
  /** Reports bytes that were copied into the buffer. */
  readonly onCopied: (bytes: number) => void;
  /** Reports bytes that were moved out of the buffer, into memory of exactly their length. */
  readonly onRecalled: (bytes: number) => void;
}

/** Fills one part buffer from a body, unless the buffer is recalled. */
export class PartFiller {
  readonly #body: ObjectBody;
  readonly #listener: FillerListener;
  #buffer: PartBuffer | undefined;
  #length = 0;
  #recalled: Buffer | undefined;

  constructor(body: ObjectBody, listener: FillerListener) {
    this.#body = body;
    this.#listener = listener;
  }

  /**
   * Copies until the buffer is full or the body has ended.
   *
   * @returns the number of bytes in the buffer; undefined if it was recalled, and its bytes were put back into the body. If the
   *   body fails, the buffer is released.
   */
  async fill(buffer: PartBuffer): Promise<number | undefined> {
    this.#buffer = buffer;
    try {
      while (this.#length < buffer.bytes.byteLength) {
        const chunk = await this.#body.next();
        if (this.#recalled !== undefined) {
          this.#putBack(this.#recalled, chunk);
          return undefined;
        }
        if (chunk === undefined) break;
        this.#copy(chunk, buffer);
      }
    } catch (error) {
      buffer.release();
      throw error;
    }
    buffer.complete();
    return this.#length;
  }

  /** Frees the buffer at once, because another upload needs it while this body sends nothing. */
  recall(): void {
    if (this.#buffer === undefined) return;
    this.#recalled = Buffer.from(this.#buffer.bytes.subarray(0, this.#length));
    this.#listener.onRecalled(this.#length);
    this.#buffer.release();
  }

  #copy(chunk: Buffer, { bytes }: PartBuffer): void {
    const copied = Math.min(chunk.byteLength, bytes.byteLength - this.#length);
    bytes.set(chunk.subarray(0, copied), this.#length);
    this.#length += copied;
    if (copied < chunk.byteLength) this.#body.putBack(chunk.subarray(copied));
    this.#listener.onCopied(copied);
  }

  #putBack(recalled: Buffer, chunk: Buffer | undefined): void {
    if (chunk !== undefined) this.#body.putBack(chunk);
    if (recalled.byteLength > 0) this.#body.putBack(recalled);
  }
}
