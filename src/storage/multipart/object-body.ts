import { addAbortSignal, type Readable } from 'node:stream';
import { StorageError } from '../contract/storage-error.js';

export interface BodyLimits {
  /** The largest body in bytes; a larger one is `TooLarge`. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/**
 * Reads the body of a `put` in pieces of the reader's choosing. Errors are StorageErrors: a StorageError of the body is passed on,
 * another error becomes `Unexpected`, or `Aborted` if the signal has fired.
 */
export class ObjectBody {
  readonly #body: Readable;
  readonly #limits: BodyLimits;
  readonly #chunks: AsyncIterator<unknown>;
  /** Chunks that were read from the body and not yet returned. */
  readonly #buffered: Buffer[] = [];
  #ended = false;
  #bytes = 0;

  constructor(body: Readable, limits: BodyLimits) {
    this.#body = body;
    this.#limits = limits;
    // The body may fail between two reads; the next read reports it.
    body.on('error', () => undefined);
    this.#chunks = addAbortSignal(limits.signal, body)[Symbol.asyncIterator]();
  }

  /** The number of bytes received so far. */
  get bytesRead(): number {
    return this.#bytes;
  }

  /** Waits for the next byte or the end of the body. */
  async isAtEnd(): Promise<boolean> {
    if (this.#buffered.length > 0) return false;
    const chunk = await this.#read();
    if (chunk !== undefined) this.#buffered.push(chunk);
    return chunk === undefined;
  }

  /** Returns the whole body if it has at most `maxBytes`; otherwise undefined, and no byte is lost. */
  async readIfShort(maxBytes: number): Promise<readonly Buffer[] | undefined> {
    while (this.#bytes <= maxBytes) {
      const chunk = await this.#read();
      if (chunk === undefined) return this.#buffered.splice(0);
      this.#buffered.push(chunk);
    }
    return undefined;
  }

  /** Returns the next bytes; undefined at the end. */
  async next(): Promise<Buffer | undefined> {
    return this.#buffered.shift() ?? (await this.#read());
  }

  /** Puts bytes back in front of all others, as the next ones to be read. */
  putBack(bytes: Buffer): void {
    this.#buffered.unshift(bytes);
  }

  destroy(): void {
    this.#buffered.length = 0;
    this.#body.destroy();
  }

  /** Returns the next chunk that is not empty. */
  async #read(): Promise<Buffer | undefined> {
    while (!this.#ended) {
      const chunk = await this.#next();
      if (chunk === undefined) {
        this.#ended = true;
      } else if (chunk.byteLength > 0) {
        this.#count(chunk.byteLength);
        return chunk;
      }
    }
    return undefined;
  }

  #count(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#limits.maxBytes) {
      throw new StorageError(
        'TooLarge',
        `An object may have at most ${String(this.#limits.maxBytes)} bytes.`,
      );
    }
  }

  async #next(): Promise<Buffer | undefined> {
    let result: IteratorResult<unknown, unknown>;
    try {
      result = await this.#chunks.next();
    } catch (error) {
      throw this.#failure(error);
    }
    return result.done === true ? undefined : bytesOf(result.value);
  }

  #failure(error: unknown): StorageError {
    if (error instanceof StorageError) return error;
    if (this.#limits.signal.aborted) return new StorageError('Aborted', 'The operation was aborted.');
    return new StorageError('Unexpected', 'The body could not be read to its end.', { cause: error });
  }
}

function bytesOf(chunk: unknown): Buffer {
  if (Buffer.isBuffer(chunk)) return chunk;
  if (chunk instanceof Uint8Array) return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  if (typeof chunk === 'string') return Buffer.from(chunk);
  throw new StorageError('Unexpected', 'The body yields something that is not bytes.');
}
