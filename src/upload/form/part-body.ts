import type { Readable } from 'node:stream';
import { UploadBody } from '../body/upload-body.js';

/**
 * The content of a form part, as the parser delivers it. It is complete when the parser has delivered as many bytes as
 * the scanner counted before the part's delimiter, even before the parser reports its end.
 */
export class PartBody extends UploadBody {
  readonly #source: Readable;
  #expectedBytes: number | undefined;

  /** @param source is not read before `start` is called. */
  constructor(source: Readable, maxBytes: number) {
    super(maxBytes, () => {
      source.resume();
    });
    this.#source = source;
  }

  /** Whether every byte from the parser was passed on to the reader. */
  get isDrained(): boolean {
    return this.#source.readableLength === 0 && this.readableLength === 0;
  }

  /** Reads from the parser at the reader's pace, and fails if the parser fails. */
  start(): void {
    const source = this.#source;
    source.on('data', (chunk: Buffer) => {
      if (!this.add(chunk)) source.pause();
      this.#completeIfAll();
    });
    source.once('error', (error) => this.destroy(error));
    source.once('close', () => {
      if (!source.readableEnded) this.destroy(new Error('The file was cut.'));
    });
  }

  /**
   * Called when the parser has read the part's delimiter, with the length of the part.
   *
   * @returns false if the parser has delivered more or fewer bytes.
   */
  endAfter(bytes: number): boolean {
    if (this.destroyed) return true; // its reader has stopped, and is about to report why
    if (this.bytes + this.#source.readableLength !== bytes) return false;
    this.#expectedBytes = bytes;
    this.#completeIfAll();
    return true;
  }

  #completeIfAll(): void {
    if (this.bytes === this.#expectedBytes) this.complete();
  }
}
