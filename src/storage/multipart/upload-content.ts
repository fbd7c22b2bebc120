import { sharedChecksumThreads } from '../checksums/checksum-threads.js';
import { checksumsOf } from '../checksums/running-checksums.js';
import type { ThreadedChecksums } from '../checksums/threaded-checksums.js';
import { type BufferLease, type PartBuffer, unboundedLease } from '../contract/buffer-lease.js';
import type { Checksums } from '../contract/checksums.js';
import type { PutOptions } from '../contract/storage-provider.js';
import { PartFiller } from './part-filler.js';
import type { ObjectBody } from './object-body.js';

/** Some bytes of the content, ready to be sent. */
export interface ContentPiece {
  readonly bytes: Buffer;
  /** Nobody sends it any more; to say so twice is the same. Resolves when nobody hashes it either, and its memory is another's. */
  release(): Promise<void>;
}

/** The content of an object on its way: taken from the body piece by piece, hashed, and counted while it is held. */
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

  /** All of it where it has no more than `maxBytes`, as the chunks in which it came; otherwise nothing, and nothing is lost. */
  async readIfShort(maxBytes: number): Promise<Buffer | undefined> {
    this.#lease.needs(maxBytes + 1); // nothing is sent before it is known whether more comes
    const chunks = await this.#body.readIfShort(maxBytes);
    if (chunks === undefined) return undefined;
    this.#whole = checksumsOf(chunks, this.#algorithms);
    return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
  }

  /** The next piece: so many bytes of it, or the rest. It takes memory for it as soon as it may. */
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

  /** Of all that was taken. */
  async checksums(): Promise<Checksums> {
    return this.#whole ?? (await this.#threaded?.result()) ?? {};
  }

  /** No piece of it is out any more. */
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
    return this.#threaded.update(bytes).catch(() => undefined); // told by `checksums`
  }

  #release(bytes: number): void {
    this.#released += bytes;
    this.#lease.release(bytes);
  }
}
