import type { PartBuffer } from '../contract/buffer-lease.js';
import type { ObjectBody } from './object-body.js';

interface FillerListener {
  /** So many bytes are in the buffer. */
  readonly onCopied: (bytes: number) => void;
  /** So many bytes are no longer there, and held in a memory of their own length. */
  readonly onRecalled: (bytes: number) => void;
}

/** Fills one part buffer from a body, unless it is recalled. */
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
   * @returns how many bytes are in it, or nothing where it was recalled: then they are the next ones of the body again. Where
   *   the body fails, the buffer is released.
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

  /** The buffer is wanted elsewhere, while nothing comes: it is free when this returns. */
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
