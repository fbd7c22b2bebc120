import type { Readable } from 'node:stream';
import { UploadBody } from '../body/upload-body.js';

/**
 * The content of a form part, as the parser gives it out. It is complete when as many bytes have come out as the scanner has
 * seen before the part's delimiter: the parser's word that it has ended is not waited for.
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

  /** Has every byte that the parser has given out gone on to the reader? */
  get isDrained(): boolean {
    return this.#source.readableLength === 0 && this.readableLength === 0;
  }

  /** Reads from the parser, no faster than the bytes are wanted, and fails with it. */
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
   * The parser has read the part's delimiter, and the part has so many bytes.
   *
   * @returns false where the parser has given out more or fewer of them.
   */
  endAfter(bytes: number): boolean {
    if (this.destroyed) return true; // its reader has let go of it, and is about to say why
    if (this.bytes + this.#source.readableLength !== bytes) return false;
    this.#expectedBytes = bytes;
    this.#completeIfAll();
    return true;
  }

  #completeIfAll(): void {
    if (this.bytes === this.#expectedBytes) this.complete();
  }
}
