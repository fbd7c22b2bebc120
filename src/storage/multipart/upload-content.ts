import { sharedChecksumThreads } from '../checksums/checksum-threads.js';
import { checksumsOf } from '../checksums/running-checksums.js';
import type { ThreadedChecksums } from '../checksums/threaded-checksums.js';
import { type BufferLease, type PartBuffer, unboundedLease } from '../contract/buffer-lease.js';
import type { Checksums } from '../contract/checksums.js';
import type { PutOptions } from '../contract/storage-provider.js';
import { PartFiller } from './part-filler.js';
import type { ObjectBody } from './object-body.js';

/** A piece of the content, ready to be sent. */
export interface ContentPiece {
  readonly bytes: Buffer;
  /** Releases the piece after it was sent. Idempotent. Resolves when it is hashed too, and its memory is free. */
  release(): Promise<void>;
}

/** Reads the content of an object piece by piece, hashes it, and counts the memory that it holds. */
export class UploadContent {
  readonly #body: ObjectBody;
  readonly #lease: BufferLease;
  readonly #algorithms: NonNullable<PutOptions['checksums']>;
  #threaded: ThreadedChecksums | undefined;
  #whole: Checksums | undefined;
  #released = 0;

  constructor(body: ObjectBody, { memory = unboundedLease, checksums = [] }: PutOptions) {
    this.#body = body;
    this.#lease = memory;
    this.#algorithms = checksums;
  }

  get size(): number {
    return this.#body.bytesRead;
  }

  isAtEnd(): Promise<boolean> {
    return this.#body.isAtEnd();
  }

  /** Returns the whole content if it has at most `maxBytes`; otherwise undefined, and no byte is lost. */
  async readIfShort(maxBytes: number): Promise<Buffer | undefined> {
    this.#lease.needs(maxBytes + 1); // nothing is sent before the next byte, or the end, is received
    const chunks = await this.#body.readIfShort(maxBytes);
    if (chunks === undefined) return undefined;
    this.#whole = checksumsOf(chunks, this.#algorithms);
    return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
  }

  /** Reads the next piece: `maxBytes`, or the rest of the content. Waits until its memory is reserved. */
  async readPiece(maxBytes: number, signal: AbortSignal): Promise<ContentPiece> {
    for (;;) {
      const filler = new PartFiller(this.#body, {
        onCopied: (bytes) => {
          this.#release(bytes);
        },
        onRecalled: (bytes) => {
          this.#released -= bytes;
          this.#lease.retake(bytes);
        },
      });
      const onRecall = (): void => {
        filler.recall();
      };
      const buffer = await this.#lease.reserve(maxBytes, { signal, onRecall });
      this.#lease.needs(1); // each byte goes into the buffer
      const length = await filler.fill(buffer);
      if (length !== undefined) return this.#piece(buffer, length);
    }
  }

  /** Returns the checksums of all pieces. */
  async checksums(): Promise<Checksums> {
    return this.#whole ?? (await this.#threaded?.result()) ?? {};
  }

  /** Ends hashing and releases all counted bytes. Every piece must have been released. */
  async close(): Promise<void> {
    await this.#threaded?.close();
    this.#release(this.#body.bytesRead - this.#released);
  }

  destroy(): void {
    this.#body.destroy();
  }

  #piece(part: PartBuffer, length: number): ContentPiece {
    const hashed = this.#hash(part.bytes.subarray(0, length));
    let released: Promise<void> | undefined;
    const release = (): Promise<void> => {
      released ??= hashed.then(() => {
        part.release();
      });
      return released;
    };
    const { buffer, byteOffset } = part.bytes;
    return { bytes: Buffer.from(buffer, byteOffset, length), release };
  }

  #hash(bytes: Uint8Array<SharedArrayBuffer>): Promise<void> {
    if (this.#algorithms.length === 0) return Promise.resolve();
    this.#threaded ??= sharedChecksumThreads.open(this.#algorithms);
    return this.#threaded.update(bytes).catch(() => undefined); // `checksums` reports it
  }

  #release(bytes: number): void {
    this.#released += bytes;
    this.#lease.release(bytes);
  }
}
