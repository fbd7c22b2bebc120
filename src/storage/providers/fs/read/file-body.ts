import { close } from 'node:fs';
import { Readable } from 'node:stream';
import type { ObjectBody } from '../../../contract/storage-provider.js';
import { AdaptiveSyncFs } from '../adaptive-sync-fs.js';
import { readFully } from './read-range.js';

/** A chunk takes a tenth of a millisecond from the kernel's memory. Smaller chunks cost throughput, larger ones are no faster. */
const CHUNK_BYTES = 512 * 1024;

/** Separate from the short calls: a file that is not in memory does not make those slow. */
const quickReads = new AdaptiveSyncFs();

/** Streams a range of an open file, and closes the file at the end or when destroyed. */
export class FileBody extends Readable {
  readonly #fd: number;
  readonly #end: number;
  readonly #reusesChunks: boolean;
  /** Two buffers: one is filled while the reader uses the other. */
  readonly #buffers: [Buffer?, Buffer?] = [];
  #position: number;
  #chunks = 0;
  #reading: Promise<void> = Promise.resolve();

  /** @param reusesChunks as in `GetOptions`. */
  constructor(fd: number, { start, end }: ObjectBody['range'], reusesChunks: boolean) {
    super({ highWaterMark: CHUNK_BYTES });
    this.#fd = fd;
    this.#position = start;
    this.#end = end;
    this.#reusesChunks = reusesChunks;
  }

  override _read(): void {
    this.#reading = this.#chunk().then(
      (chunk) => void this.push(chunk),
      (error: unknown) => void this.destroy(error as Error), // nothing else is thrown
    );
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    void this.#reading.then(() => {
      close(this.#fd, (failure) => {
        callback(error ?? failure);
      });
    });
  }

  /** Reads the next chunk: a full one, except for the last; null at the end. */
  async #chunk(): Promise<Buffer | null> {
    const length = Math.min(CHUNK_BYTES, this.#end + 1 - this.#position);
    if (length === 0) return null;
    const chunk = this.#bufferOf(length);
    await readFully(this.#fd, chunk, this.#position, quickReads);
    this.#position += length;
    return chunk;
  }

  #bufferOf(length: number): Buffer {
    if (!this.#reusesChunks) return Buffer.allocUnsafeSlow(length);
    const index = this.#chunks++ % 2;
    const buffer = (this.#buffers[index] ??= Buffer.allocUnsafeSlow(CHUNK_BYTES));
    return buffer.subarray(0, length);
  }
}
