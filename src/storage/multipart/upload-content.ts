import { sharedChecksumThreads } from '../checksums/checksum-threads.js';
import { checksumsOf } from '../checksums/running-checksums.js';
import type { ThreadedChecksums } from '../checksums/threaded-checksums.js';
import type { Checksums } from '../contract/checksums.js';
import type { BodyMemory, PutOptions } from '../contract/storage-provider.js';
import type { ObjectBody } from './object-body.js';
import type { SlabPool } from './slab-pool.js';

/** Some bytes of the content, ready to be sent. */
export interface ContentPiece {
  readonly bytes: Buffer;
  /** Nobody sends it any more; to say so twice is the same. Resolves when nobody hashes it either, and its memory is another's. */
  release(): Promise<void>;
}

/** The content of an object on its way: taken from the body piece by piece, hashed, and counted while it is held. */
export class UploadContent {
  readonly #body: ObjectBody;
  readonly #slabs: SlabPool;
  readonly #memory: BodyMemory | undefined;
  readonly #algorithms: NonNullable<PutOptions['checksums']>;
  #threaded: ThreadedChecksums | undefined;
  #whole: Checksums | undefined;
  #released = 0;

  constructor(body: ObjectBody, slabs: SlabPool, { memory, checksums = [] }: PutOptions) {
    this.#body = body;
    this.#slabs = slabs;
    this.#memory = memory;
    this.#algorithms = checksums;
  }

  get size(): number {
    return this.#body.bytesRead;
  }

  isAtEnd(): Promise<boolean> {
    return this.#body.isAtEnd();
  }

  /** All of it where it has no more than `maxBytes`, as the chunks in which it came; otherwise nothing, and nothing is lost. */
  async takeIfShort(maxBytes: number): Promise<Buffer | undefined> {
    this.#memory?.willHold(maxBytes + 1); // nothing is sent before it is known whether more comes
    const chunks = await this.#body.takeIfShort(maxBytes);
    if (chunks === undefined) return undefined;
    this.#whole = checksumsOf(chunks, this.#algorithms);
    return chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
  }

  /** The next piece: so many bytes of it, or the rest. */
  async takePiece(maxBytes: number): Promise<ContentPiece> {
    this.#memory?.willHold(maxBytes + 1);
    const slab = this.#slabs.take(maxBytes);
    try {
      const { buffer, byteOffset } = slab.bytes;
      const length = await this.#body.fill(Buffer.from(buffer, byteOffset, maxBytes));
      const hashed = this.#hash(slab.bytes.subarray(0, length));
      let released: Promise<void> | undefined;
      const release = (): Promise<void> => {
        released ??= hashed.then(() => {
          slab.release();
          this.#release(length);
        });
        return released;
      };
      return { bytes: Buffer.from(buffer, byteOffset, length), release };
    } catch (error) {
      slab.release();
      throw error;
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

  #hash(bytes: Uint8Array<SharedArrayBuffer>): Promise<void> {
    if (this.#algorithms.length === 0) return Promise.resolve();
    this.#threaded ??= sharedChecksumThreads.open(this.#algorithms);
    return this.#threaded.update(bytes).catch(() => undefined); // told by `checksums`
  }

  #release(bytes: number): void {
    this.#released += bytes;
    this.#memory?.release(bytes);
  }
}
